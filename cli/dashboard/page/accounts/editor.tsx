import { useState } from "preact/hooks";
import type { AccountRow, Take } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { ProposalDialog } from "../parts/proposal.tsx";
import { askedOf, type Choice, newGroupOf, PolicyForm } from "./policy-form.tsx";
import { TakeForm } from "./take-form.tsx";

interface EditorProps {
  readonly row: AccountRow;
  /** Grows whenever something changed on disk. */
  readonly revision: number;
  readonly onUndo: (account: string) => void;
  readonly onClose: () => void;
}

/** Edit History Sync: whose history an account sees, and what changing that comes to. */
export function Editor({ row, revision, onUndo, onClose }: EditorProps) {
  const { name, policy, context } = row;
  const [choice, setChoice] = useState<Choice>(() => choiceFrom(row));
  const [take, setTake] = useState<Take>("mine");
  const [copySettings, setCopySettings] = useState(false);
  const [again, setAgain] = useState(0);

  const groups = useAnswer((signal) => call("groups", {}, signal), `groups ${revision}`);
  const to = askedOf(choice);
  const asked = { account: name, to, take, copySettings };
  const newGroup = newGroupOf(choice);
  const named = useAnswer((signal) => call("name", { of: "group", name: newGroup ?? "" }, signal), newGroup, true);
  const whole = newGroup === null || (named.current && named.answer?.name != null);
  const plan = useAnswer((signal) => call("preview-change", asked, signal), whole ? JSON.stringify([asked, revision, again]) : null);
  const leaves = plan.answer?.leaves === true;
  const takes = useAnswer((signal) => call("takes", { account: name }, signal), leaves ? `takes ${revision}` : null);

  return (
    <ProposalDialog
      title={`Edit History Sync of ${name}`}
      subtitle={`now ${context}`}
      plan={plan}
      onStale={() => setAgain(again + 1)}
      verb="Apply"
      nothing={`Nothing would change: ${name} is ${context}.`}
      onClose={onClose}
      after={({ undo }) =>
        undo === null ? null : (
          <button type="button" onClick={() => onUndo(undo)}>
            Undo
          </button>
        )
      }
    >
      {policy === null ? (
        <p class="notice warning">config.yaml says no policy that ccs can read; what is chosen here takes its place.</p>
      ) : null}
      <PolicyForm
        choice={choice}
        onChoice={setChoice}
        groups={groups.answer}
        wrongGroup={named.current ? (named.answer?.message ?? null) : null}
      />
      {leaves ? <TakeForm take={take} onTake={setTake} takes={takes.answer} /> : null}
      {plan.answer?.settingsLink === true || copySettings ? (
        <label class="check">
          <input type="checkbox" checked={copySettings} onChange={({ currentTarget }) => setCopySettings(currentTarget.checked)} />
          Replace the link that is its settings.json by a real copy
        </label>
      ) : null}
    </ProposalDialog>
  );
}

function choiceFrom({ policy }: AccountRow): Choice {
  if (policy?.mode !== "shared") return { mode: "isolated", group: null, newGroup: "", continuity: "standard" };
  return { mode: "shared", group: policy.group, newGroup: "", continuity: policy.continuity };
}
