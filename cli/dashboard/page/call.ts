import type { Answer, Applied, ApplyLine, Asked, CallName, Progress, Refusal } from "../api/schemas.ts";
import { bearer, forget } from "./session.ts";

/** What the server said no to, or that it is not there. */
export class CallError extends Error {
  readonly refusal: Refusal["error"];

  constructor(refusal: Refusal["error"]) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const GONE: Refusal["error"] = {
  ...{ code: "gone", message: "the server has ended", field: null, where: null, untouched: null },
  hint: "Run ccs config again.",
};

/** Asks the server. @throws CallError; an AbortError where `signal` fired */
export async function call<K extends Exclude<CallName, "apply">>(name: K, asked: Asked<K>, signal?: AbortSignal): Promise<Answer<K>> {
  return (await (await send(name, asked, signal)).json()) as Answer<K>;
}

/** Applies a plan that was shown. @throws CallError */
export async function apply(id: string, onProgress: (progress: Progress) => void): Promise<Applied> {
  const response = await send("apply", { id });
  for await (const line of linesOf(response)) {
    const said = JSON.parse(line) as ApplyLine;
    if ("progress" in said) onProgress(said.progress);
    else if ("applied" in said) return said.applied;
    else throw new CallError(said.error);
  }
  throw new CallError(GONE);
}

/** Listens to the server until it ends, or `signal` fires. @param onEvent is told its name, and what it says */
export async function listen(onEvent: (event: string, data: string) => void, signal: AbortSignal): Promise<void> {
  const response = await fetch("/api/events", { headers: { authorization: `Bearer ${bearer()}` }, signal });
  if (!response.ok) throw await errorOf(response);
  let event = "";
  for await (const line of linesOf(response)) {
    event = /^event: (.+)$/.exec(line)?.[1] ?? event;
    const data = /^data: (.+)$/.exec(line)?.[1];
    if (data !== undefined) onEvent(event, data);
  }
}

async function send(name: CallName, asked: object, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/${name}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${bearer()}`,
        "content-type": "application/json",
        // What a page asks that nobody looks at does not keep the server.
        ...(document.hidden ? { "x-ccs-unattended": "1" } : {}),
      },
      body: JSON.stringify(asked),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CallError(GONE);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<CallError> {
  if (response.status === 401) forget();
  const said = (await response.json().catch(() => null)) as Refusal | null;
  return new CallError(said?.error ?? { ...GONE, code: "failed", message: `the server answered with ${response.status}` });
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
