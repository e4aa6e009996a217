/** The bearer of this tab. In session storage: another tab, another site and another run of the server have none of it. */
const KEY = "ccs-bearer";

export function bearer(): string | null {
  return sessionStorage.getItem(KEY);
}

export function forget(): void {
  sessionStorage.removeItem(KEY);
}

/**
 * Takes the one-time token out of the address, and gives it for a bearer.
 * @returns why that failed, as the server says it; null where there was none, or it went well
 */
export async function signIn(): Promise<string | null> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return null;
  history.replaceState(null, "", `${location.pathname}#/accounts`);
  const response = await fetch("/api/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const said = (await response.json()) as { bearer?: string; error?: { message: string } };
  if (said.bearer === undefined) return said.error?.message ?? "the server did not say why";
  sessionStorage.setItem(KEY, said.bearer);
  return null;
}
