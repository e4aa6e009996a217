import { type ArgsDef, defineCommand } from "citty";
import { CcsError, type ConflictReport, type Home, type Keep, listConflicts, resolveConflict } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { groupFrom } from "../../arguments/policy.ts";
import { usage } from "../../arguments/strict.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { canAsk, choose } from "../../prompt/ask.ts";
import { conflictText } from "../../render/conflicts.ts";
import { json } from "../../render/json.ts";
import { paintFor } from "../../render/style.ts";
import { count } from "../../render/words.ts";
import { plain } from "../../render/wrap.ts";

const TYPED = "ccs group resolve";

export const args = {
  group: { type: "positional", required: true, description: "a context group there is" },
  path: { type: "positional", required: false, description: "one of the two files, or the end of its path; left out: every conflict" },
  keep: {
    type: "enum",
    options: ["both", "this", "that"],
    description: "`this` stands under the name, `that` arrived (name.from-<account>); what is not kept goes to set-aside",
  },
  "dry-run": { type: "boolean", description: "show what waits, and change nothing" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = [
  "ccs group resolve sprint-a                            asks one after the other",
  "ccs group resolve sprint-a --dry-run",
  "ccs group resolve sprint-a notes.md --keep that",
];

export const notes = [
  "Where two accounts brought different files of one name, both stand side by side until somebody chooses. To write one of both, edit " +
    "the one under the name, then keep this.",
];

export const command = defineCommand({
  meta: { name: "resolve" },
  args,
  async run({ args }) {
    const there = home();
    const group = groupFrom(args.group, "the group", TYPED);
    const asJson = args.json === true;
    const waiting = chosen(listConflicts(there, group), group, args.path ?? null);
    if (args["dry-run"]) {
      if (asJson) out(json({ group, conflicts: waiting.map(dataOf) }));
      else if (waiting.length === 0) out(`No file of ${group} waits for you to choose.\n`);
      else out(waiting.map((c) => conflictText(c, Date.now(), paintFor(1))).join("\n"));
      return 0;
    }
    if (waiting.length === 0) {
      out(asJson ? json({ group, resolved: [] }) : `No file of ${group} waits for you to choose.\n`);
      return 0;
    }
    if (args.keep === undefined && (asJson || !canAsk())) throw unasked(waiting, `${TYPED} ${group}`);
    const resolved = await resolveEach(there, waiting, args.keep ?? null, asJson);
    if (asJson) out(json({ group, resolved }));
    return 0;
  },
});

interface Resolved {
  readonly path: string;
  readonly keep: Keep;
  /** Where what was not kept is now. */
  readonly setAside: string | null;
}

async function resolveEach(there: Home, waiting: readonly ConflictReport[], keep: Keep | null, quiet: boolean): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  for (const [n, conflict] of waiting.entries()) {
    const answer = keep ?? (await asked(conflict, n, waiting.length));
    if (answer === "later") continue;
    const { path } = conflict.conflict;
    const setAside = resolveConflict(there, conflict, answer);
    resolved.push({ path, keep: answer, setAside });
    if (!quiet)
      out(`${plain(path)}: ${answer === "both" ? "both stay" : `${answer} is kept; the other is at ${plain(setAside ?? "")}`}.\n`);
  }
  return resolved;
}

async function asked(conflict: ConflictReport, n: number, all: number): Promise<Keep | "later"> {
  err(`\n${conflictText(conflict, Date.now(), paintFor(2))}\n`);
  const { this: here } = conflict;
  return choose<Keep | "later">(
    `Keep (${n + 1} of ${all})`,
    [
      { value: "later", label: "neither yet", hint: "both stay, and are asked about again" },
      ...(here.kind === "nothing" ? [] : [{ value: "this", label: "this", hint: "the one under the name" } as const]),
      { value: "that", label: "that", hint: "the one that arrived; it gets the name" },
      { value: "both", label: "both", hint: "both stay, and are not asked about again" },
    ],
    "later",
  );
}

/** The conflicts a path names; all where none is given. @throws CcsError `usage` where it names none, or several files */
function chosen(waiting: readonly ConflictReport[], group: string, path: string | null): readonly ConflictReport[] {
  if (path === null) return waiting;
  const names = ({ conflict }: ConflictReport) => [conflict.path, conflict.this, conflict.that];
  const found = waiting.filter((c) => names(c).some((name) => name === path || name.endsWith(`/${path}`)));
  const one = new Set(found.map(({ conflict }) => conflict.path));
  const all = waiting.map(({ conflict }) => `  ${plain(conflict.path)}`).join("\n");
  if (found.length === 0) {
    throw new CcsError("not-found", `no file of ${group} that waits for you to choose is called "${path}"`, {
      untouched: "Nothing was changed.",
      hint: all === "" ? `${TYPED} ${group} --dry-run` : `These wait:\n${all}`,
    });
  }
  if (one.size > 1)
    throw usage(`"${path}" names ${count(one.size, "file")}`, `Say more of the path:\n${[...one].map((p) => `  ${plain(p)}`).join("\n")}`);
  return found;
}

function unasked(waiting: readonly ConflictReport[], typed: string): CcsError {
  err(`${waiting.map((c) => conflictText(c, Date.now(), paintFor(2))).join("\n")}\n`);
  return new CcsError("usage", "there is no terminal to ask on which to keep", {
    untouched: "Nothing was changed.",
    hint: `Say which: ${typed} --keep both, this or that`,
  });
}

function dataOf({ conflict, this: here, that: there }: ConflictReport) {
  const side = ({ path, kind, size, changed }: ConflictReport["this"]) => ({ path, kind, size, changed });
  return { path: conflict.path, this: side(here), that: side(there) };
}
