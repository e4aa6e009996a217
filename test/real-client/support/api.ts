/**
 * A Messages API server of our own on 127.0.0.1: it plays scripted turns to a real client and keeps every request.
 * What the client asks on the side (titles, quota probes, token counts) is answered plainly and takes no turn of the script.
 */

/** One answer of the model. Tool calls come back as the next request, which takes the next turn of the script. */
export type Turn = { readonly text: string } | { readonly text?: string; readonly tools: readonly ToolCall[] } | { readonly limit: Limit };

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A usage limit of a subscription: HTTP 429, not to be tried again. */
export interface Limit {
  /** When it ends, in seconds since 1970. */
  readonly resetsAt: number;
}

export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: unknown;
  readonly is_error?: boolean;
  readonly name?: string;
  readonly input?: unknown;
}

export interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

export interface ApiRequest {
  readonly path: string;
  readonly authorization: string;
  readonly apiKey: string;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  /** Whether the client asked for a turn of the conversation, or for something on the side. */
  readonly conversation: boolean;
}

export interface Api {
  readonly url: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly ApiRequest[];
  /** The turns of the conversation among them. */
  conversation(): readonly ApiRequest[];
  /** The last turn of the conversation asked for; fails where there is none. */
  last(): ApiRequest;
  /** Adds turns to the script. An empty script answers "Understood.". */
  play(...turns: readonly Turn[]): void;
  /** Forgets the turns not played yet. */
  skip(): void;
  stop(): Promise<void>;
}

/** All text of a request's messages, tool results included, in one string to look for words in. */
export function words(request: ApiRequest): string {
  return request.messages.map((message) => textOf(message.content)).join("\n");
}

/** The results of tools in a request, as text, with whether the tool failed. */
export function toolResults(request: ApiRequest): { readonly text: string; readonly failed: boolean }[] {
  return request.messages.flatMap((message) =>
    typeof message.content === "string"
      ? []
      : message.content.filter((b) => b.type === "tool_result").map((b) => ({ text: textOf(b.content), failed: b.is_error === true })),
  );
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as readonly Block[])
    .map((b) => b.text ?? (b.input === undefined ? textOf(b.content) : JSON.stringify(b.input)))
    .join("\n");
}

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name?: string }[];
  readonly messages?: readonly Message[];
}

/** The tools only a conversation is given; side requests come with none, or with one of their own. */
const CONVERSATION_TOOL = "Bash";

export function startApi(): Api {
  const requests: ApiRequest[] = [];
  const script: Turn[] = [];
  let made = 0;

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 60,
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const body = (request.method === "POST" ? await request.json().catch(() => ({})) : {}) as Body;
      const seen: ApiRequest = {
        path,
        authorization: request.headers.get("authorization") ?? "",
        apiKey: request.headers.get("x-api-key") ?? "",
        model: body.model ?? "",
        system: textOf(body.system),
        messages: body.messages ?? [],
        conversation: path === "/v1/messages" && (body.tools ?? []).some((tool) => tool.name === CONVERSATION_TOOL),
      };
      requests.push(seen);
      if (path === "/v1/messages/count_tokens") return Response.json({ input_tokens: JSON.stringify(body).length >> 2 });
      if (path !== "/v1/messages")
        return Response.json({ type: "error", error: { type: "not_found_error", message: path } }, { status: 404 });
      const turn: Turn = seen.conversation ? (script.shift() ?? { text: "Understood." }) : { text: sideAnswer(body) };
      if ("limit" in turn) return limited(turn.limit);
      made += 1;
      return body.stream ? streamed(turn, seen.model, made) : whole(turn, seen.model, made);
    },
  });

  const conversation = () => requests.filter((r) => r.conversation);
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    conversation,
    last() {
      const last = conversation().at(-1);
      if (last === undefined) throw new Error(`no turn was asked for; requests: ${requests.map((r) => r.path).join(", ") || "none"}`);
      return last;
    },
    play(...turns) {
      script.push(...turns);
    },
    skip() {
      script.length = 0;
    },
    stop: () => server.stop(true),
  };
}

/** Titles are asked for as JSON; anything else takes any short text. */
function sideAnswer(body: Body): string {
  return /title/i.test(textOf(body.system)) ? JSON.stringify({ title: "A talk" }) : "ok";
}

/** What a subscription's 5-hour limit looks like on the wire. */
function limited(limit: Limit): Response {
  const reset = String(limit.resetsAt);
  return Response.json(
    {
      type: "error",
      error: { type: "rate_limit_error", message: "This request would exceed your account's rate limit. Please try again later." },
    },
    {
      status: 429,
      headers: {
        "x-should-retry": "false",
        "retry-after": "3600",
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-reset": reset,
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
        "anthropic-ratelimit-unified-fallback": "unavailable",
        "anthropic-ratelimit-unified-5h-status": "rejected",
        "anthropic-ratelimit-unified-5h-reset": reset,
        "anthropic-ratelimit-unified-5h-utilization": "1",
        "anthropic-ratelimit-unified-overage-status": "rejected",
        "anthropic-ratelimit-unified-overage-disabled-reason": "org_level_disabled",
      },
    },
  );
}

type Answer = Exclude<Turn, { readonly limit: Limit }>;

function blocks(turn: Answer, made: number): Record<string, unknown>[] {
  const text = turn.text === undefined ? [] : [{ type: "text", text: turn.text }];
  const calls = "tools" in turn ? turn.tools : [];
  return [
    ...text,
    ...calls.map((call, i) => ({
      type: "tool_use",
      id: `toolu_${made}_${i}_${crypto.randomUUID().slice(0, 8)}`,
      name: call.name,
      input: call.input,
    })),
  ];
}

function envelope(model: string, content: unknown[], stop: string | null) {
  return {
    id: `msg_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 10, service_tier: "standard" },
  };
}

const stopOf = (turn: Answer): string => ("tools" in turn ? "tool_use" : "end_turn");

function whole(turn: Answer, model: string, made: number): Response {
  return Response.json(envelope(model, blocks(turn, made), stopOf(turn)));
}

function streamed(turn: Answer, model: string, made: number): Response {
  const events: { type: string; [key: string]: unknown }[] = [{ type: "message_start", message: envelope(model, [], null) }];
  blocks(turn, made).forEach((block, index) => {
    if (block["type"] === "text") {
      events.push({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
      events.push({ type: "content_block_delta", index, delta: { type: "text_delta", text: block["text"] } });
    } else {
      events.push({ type: "content_block_start", index, content_block: { ...block, input: {} } });
      events.push({
        type: "content_block_delta",
        index,
        delta: { type: "input_json_delta", partial_json: JSON.stringify(block["input"]) },
      });
    }
    events.push({ type: "content_block_stop", index });
  });
  events.push({ type: "message_delta", delta: { stop_reason: stopOf(turn), stop_sequence: null }, usage: { output_tokens: 10 } });
  events.push({ type: "message_stop" });
  return new Response(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""), {
    headers: { "content-type": "text/event-stream", "request-id": `req_${made}` },
  });
}
