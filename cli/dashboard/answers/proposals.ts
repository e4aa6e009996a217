import {
  type Blocker,
  type Change,
  describePolicy,
  fixSentences,
  type Home,
  leaves,
  type MovePreview,
  previewChange,
  previewRemoval,
  previewRestore,
  runDoctor,
  undoing,
} from "../../../shared/index.ts";
import { aboutField } from "../api/refused.ts";
import type { Asked, Proposal } from "../api/schemas.ts";
import type { Approved } from "./approved.ts";
import { policyFrom } from "./policy.ts";

/** A plan for the page, and what is kept of it for when it is approved; null where there is nothing to approve. */
export interface Proposed {
  readonly proposal: Proposal;
  readonly approved: Approved | null;
}

export function proposeChange(home: Home, { account, to: asked, take, copySettings }: Asked<"preview-change">): Proposed {
  return proposed(home, { account, to: policyFrom(asked), take, takeSessions: [], copySettings });
}

export function proposeUndo(home: Home, { account }: Asked<"preview-undo">): Proposed {
  return proposed(home, undoing(home, account));
}

function proposed(home: Home, change: Change): Proposed {
  const { plan, sentences, digest } = aboutField("account", () => previewChange(home, change));
  const { intent, blockers } = plan;
  return proposalOf(sentences, blockers, { does: "change", seen: { plan: { intent }, digest } }, leaves(intent.from, intent.to), {
    context: describePolicy(intent.to),
  });
}

export function proposeRemoval(home: Home, asked: Asked<"preview-removal">): Proposed {
  return proposedMove(
    aboutField("account", () => previewRemoval(home, asked)),
    (digest) => ({ does: "removal", asked, digest }),
  );
}

export function proposeReturn(home: Home, asked: Asked<"preview-return">): Proposed {
  return proposedMove(
    aboutField("as", () => previewRestore(home, asked.dated, asked.as)),
    (digest) => ({ does: "return", asked, digest }),
  );
}

function proposedMove({ sentences, blockers, digest, leaving }: MovePreview, approved: (digest: string) => Approved): Proposed {
  const intent = leaving?.plan.intent;
  return proposalOf(sentences, blockers, approved(digest), intent !== undefined && leaves(intent.from, intent.to));
}

/** What doctor would mend: all that needs no choice, or what is named. */
export function proposeMending(home: Home, asked: Asked<"preview-mending">): Proposed {
  const { checks } = runDoctor(home, { env: process.env, now: Date.now() });
  const sentences = fixSentences(checks.filter(({ id }) => asked.only?.includes(id) ?? true));
  return proposalOf(sentences, [], { does: "mending", asked, sentences });
}

function proposalOf(
  sentences: readonly string[],
  blockers: readonly Blocker[],
  approved: Approved,
  leaves = false,
  { context = null }: { readonly context?: string | null } = {},
): Proposed {
  return {
    proposal: {
      id: null,
      sentences,
      blockers: blockers.map(({ code, message, where, hint }) => ({ code, message, where, hint })),
      leaves,
      settingsLink: blockers.some(({ unless }) => unless === "copySettings"),
      context,
    },
    approved: sentences.length > 0 && blockers.length === 0 ? approved : null,
  };
}
