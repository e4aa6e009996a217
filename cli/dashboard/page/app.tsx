import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../api/schemas.ts";
import { AccountsPage } from "./accounts/page.tsx";
import { CallError, call, listen } from "./call.ts";

/** What stands where nobody is signed in. */
export function NotSignedIn({ why }: { readonly why: string | null }) {
  return (
    <main class="away">
      <h1>ccs</h1>
      <p>{why === null ? "This page is not signed in." : `Not signed in: ${why}.`}</p>
      <p>
        Run <code>ccs config</code> in a terminal: it opens this page with a fresh link.
      </p>
    </main>
  );
}

export function App() {
  const [accounts, setAccounts] = useState<Answer<"accounts"> | null>(null);
  const [gone, setGone] = useState<string | null>(null);

  useEffect(() => {
    const ending = new AbortController();
    const load = () =>
      call("accounts", {}, ending.signal).then(setAccounts, (error: unknown) => {
        if (error instanceof CallError) setGone(error.message);
      });
    void load();
    listen((event) => {
      if (event === "changed") void load();
      if (event === "ended") setGone("the server has ended");
    }, ending.signal).catch((error: unknown) => {
      if (!ending.signal.aborted) setGone(error instanceof CallError ? error.message : "the server has ended");
    });
    return () => ending.abort();
  }, []);

  if (gone !== null) return <NotSignedIn why={gone} />;
  return <main>{accounts === null ? null : <AccountsPage {...accounts} />}</main>;
}
