import { type Home, type Progress, runDoctor, takeChoices } from "../../../shared/index.ts";
import { aboutField } from "../api/refused.ts";
import type { Answer, Asked, CallName } from "../api/schemas.ts";
import { accounts } from "./accounts.ts";
import { apply } from "./apply.ts";
import type { Approved } from "./approved.ts";
import { create, makeDefault, nameOf } from "./create.ts";
import { group, groups } from "./groups.ts";
import { type Proposed, proposeChange, proposeMending, proposeRemoval, proposeReturn, proposeUndo } from "./proposals.ts";

/** What a call may use. */
export interface Asking {
  readonly home: Home;
  readonly onProgress: (progress: Progress) => void;
  /** Keeps what a plan was made of: `apply` is handed it. */
  readonly keep: (approved: Approved) => void;
}

type Answers = {
  readonly [K in Exclude<CallName, "apply">]: (asking: Asking, asked: Asked<K>) => Answer<K>;
} & { readonly apply: (asking: Asking, approved: Approved) => Answer<"apply"> };

/** Every call: a use case of shared, in a shape for the page. */
export const ANSWERS: Answers = {
  accounts: ({ home }) => accounts(home),
  groups: ({ home }) => groups(home),
  group: ({ home }, { group: name }) => aboutField("group", () => group(home, name)),
  doctor: ({ home }) => ({ checks: runDoctor(home, { env: process.env, now: Date.now() }).checks }),
  name: ({ home }, asked) => nameOf(home, asked),
  takes: ({ home }, { account }) => aboutField("account", () => takeChoices(home, account)),
  "preview-change": (asking, asked) => kept(asking, proposeChange(asking.home, asked)),
  "preview-undo": (asking, asked) => kept(asking, proposeUndo(asking.home, asked)),
  "preview-removal": (asking, asked) => kept(asking, proposeRemoval(asking.home, asked)),
  "preview-return": (asking, asked) => kept(asking, proposeReturn(asking.home, asked)),
  "preview-mending": (asking, asked) => kept(asking, proposeMending(asking.home, asked)),
  apply: ({ home, onProgress }, approved) => apply(home, approved, onProgress),
  create: ({ home }, asked) => create(home, asked),
  "set-default": ({ home }, asked) => makeDefault(home, asked),
};

function kept({ keep }: Asking, { proposal, approved }: Proposed): Proposed["proposal"] {
  if (approved !== null) keep(approved);
  return proposal;
}
