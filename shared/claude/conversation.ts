import { type JsonObject, objectOf, parseObject, textOf, timeOf } from "./json.ts";
import { rawLines } from "./lines.ts";
import { projectDirectory } from "./transcripts.ts";

/** What a transcript tells of its session. */
export interface Conversation {
  /** The directory the client was started in. */
  readonly cwd: string | null;
  /** The first thing a person asked, spaces and line breaks as one space, cut short where it is long. */
  readonly prompt: string | null;
  /** The name a person gave the session. */
  readonly title: string | null;
  /** What a person asked, counted. */
  readonly turns: number;
  /** First and last message, in milliseconds since the epoch. */
  readonly began: number | null;
  readonly last: number | null;
  /** The login that made the first turn, as `readOwner` has it. */
  readonly owner: string | null;
}

/** Longer than this, a first prompt is cut: it is shown in a line. */
const PROMPT_LENGTH = 300;
/** Lines of the client's own that matter here are short; a longer one is not looked into. */
const SMALL = 64 * 1024;

/** What a person typed, in the client's wrapping of it. */
interface Typed {
  readonly text: string;
  /** `command`: a slash command or a shell command. */
  readonly kind: "prompt" | "command";
}

/**
 * Reads what was said in a transcript: the words of the person and of the assistant. Results of tools, thinking, the
 * client's own messages and the talk with subagents are passed over.
 * @param directory the name of the directory it lies in: the client names it after where it was started, while `cwd` of a
 *   line follows the shell
 * @param heard gets each piece of text
 * @returns `null` where nobody said anything, also where there is no file that could be read
 * @throws the system's error where reading fails
 */
export function readConversation(transcript: string, directory: string, heard: (text: string) => void): Conversation | null {
  let cwd: string | null = null;
  let fits = false;
  let prompt: Typed | null = null;
  let title: string | null = null;
  let turns = 0;
  let began: number | null = null;
  let last: number | null = null;
  let owner: string | null = null;
  let ownerKnown = false;
  let messages = 0;
  let command = false;

  for (const bytes of rawLines(transcript)) {
    const role = roleOf(bytes);
    if (role === null) {
      if (bytes.length > SMALL) continue;
      if (!ownerKnown && bytes.includes('"session-owner"')) {
        const line = parseObject(bytes.toString("utf8"));
        if (line?.type !== "session-owner") continue;
        owner = textOf(line.accountUuid);
        ownerKnown = true;
      } else if (bytes.includes('"custom-title"')) {
        const line = parseObject(bytes.toString("utf8"));
        if (line?.type === "custom-title") title = textOf(line.customTitle);
      } else if (bytes.includes('"queued_command"')) {
        const said = queued(parseObject(bytes.toString("utf8")));
        if (said !== null) heard(said);
      }
      continue;
    }
    // The result of a tool can be megabytes; a person who writes of one has these quotes escaped.
    if (role === "user" && bytes.includes('"tool_result"')) continue;
    const line = parseObject(bytes.toString("utf8"));
    if (line === null || line.type !== role) continue;
    messages += 1;
    if (role === "assistant") ownerKnown = true;
    if (!fits) {
      const named = textOf(line.cwd);
      if (named !== null && projectDirectory(named) === directory) {
        cwd = named;
        fits = true;
      } else {
        cwd ??= named;
      }
    }
    if (line.isMeta === true || line.isSidechain === true || line.isCompactSummary === true) continue;
    const at = timeOf(line.timestamp);
    if (at !== null) {
      began ??= at;
      if (last === null || at > last) last = at;
    }
    if (role === "assistant") {
      if (line.isApiErrorMessage !== true) for (const text of textsOf(line)) heard(text);
      continue;
    }
    const whole = textsOf(line).join("\n").trim();
    // What a command of the client's own prints took no turn of the model.
    if (whole.startsWith("<local-command-stdout>") && command) turns -= 1;
    const typed = isTyped(line) ? typedIn(whole) : null;
    command = typed?.kind === "command";
    if (typed === null) continue;
    turns += 1;
    heard(typed.text);
    if (prompt === null || (prompt.kind === "command" && typed.kind === "prompt")) prompt = typed;
  }
  if (messages === 0) return null;
  return {
    cwd,
    prompt: prompt === null ? null : short(prompt.text),
    title: title === null ? null : short(title),
    turns,
    began,
    last,
    owner,
  };
}

/** Whose message a line may be, from its bytes alone. Both ways of writing JSON are known, the client's comes first. */
function roleOf(bytes: Buffer): "user" | "assistant" | null {
  if (bytes.includes('"type":"user"')) return "user";
  if (bytes.includes('"type":"assistant"')) return "assistant";
  if (bytes.includes('"type": "user"')) return "user";
  return bytes.includes('"type": "assistant"') ? "assistant" : null;
}

/** The pieces of text of a message. What an editor adds of its own (`<ide_...>`) and reminders are none. */
function textsOf(line: JsonObject): string[] {
  return piecesOf(objectOf(line.message)?.content ?? line.message);
}

function piecesOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => {
    const piece = objectOf(part);
    const text = piece?.type === "text" ? textOf(piece.text) : null;
    return text === null || /^\s*<(?:ide_|system-reminder)/.test(text) ? [] : [text];
  });
}

/** `origin` is there since about 2.1.300, and tells a person from a message of the client's own. */
function isTyped(line: JsonObject): boolean {
  const kind = objectOf(line.origin)?.kind;
  return kind === undefined || kind === "human";
}

/** What a person typed while the client was busy. Read in the client's bundle: an attachment, with text or pieces. */
function queued(line: JsonObject | null): string | null {
  const attachment = line?.type === "attachment" && line.isSidechain !== true ? objectOf(line.attachment) : null;
  if (attachment?.type !== "queued_command" || attachment.isMeta === true || !isTyped(attachment)) return null;
  return typedIn(piecesOf(attachment.prompt).join("\n").trim())?.text ?? null;
}

/** Takes off what the client wraps around it; `null` for what no person typed. */
function typedIn(text: string): Typed | null {
  if (text === "" || text.startsWith("[Request interrupted by user")) return null;
  const wrapping = /^<([a-z-]+)>/.exec(text)?.[1];
  if (wrapping === "bash-input") return { kind: "command", text: `! ${inside(text, "bash-input")}` };
  if (wrapping === "command-name" || wrapping === "command-message") {
    return { kind: "command", text: `${inside(text, "command-name")} ${inside(text, "command-args")}`.trim() };
  }
  if (wrapping !== undefined && /^(?:local-command-|bash-std|system-reminder|task-notification)/.test(wrapping)) return null;
  return { kind: "prompt", text };
}

function inside(text: string, tag: string): string {
  const from = text.indexOf(`<${tag}>`);
  const to = text.indexOf(`</${tag}>`);
  return from < 0 || to < from ? "" : text.slice(from + tag.length + 2, to).trim();
}

function short(text: string): string {
  return text
    .slice(0, PROMPT_LENGTH * 4)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, PROMPT_LENGTH);
}
