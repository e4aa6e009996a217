import { useState } from "preact/hooks";
import type { AccountRow, Take } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { ProposalDialog } from "../parts/proposal.tsx";
import { askedOf, type Choice, newGroupOf, PolicyForm } from "./policy-form.tsx";
import { TakeForm } from "./take-form.tsx";
import { UndoButton } from "./undo.tsx";

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

  const groups = useAnswer((signal) => call("groups", {}, signal), "groups", revision);
  const newGroup = newGroupOf(choice);
  const named = useAnswer((signal) => call("name", { of: "group", name: newGroup ?? "" }, signal), newGroup, 0, true);
  const whole = newGroup === null || (named.current && named.answer?.name != null);

  // Before it is asked for: whose thousands of sessions are is read once, and known when leaving is chosen.
  const takes = useAnswer((signal) => call("takes", { account: name }, signal), policy?.mode === "shared" ? "takes" : null, revision);

  return (
    <ProposalDialog
      title={`Edit History Sync of ${name}`}
      subtitle={`now ${context}`}
      asked={whole ? { account: name, to: askedOf(choice), take, copySettings } : null}
      ask={(asked, signal) => call("preview-change", asked, signal)}
      revision={revision}
      verb="Apply"
      nothing={`Nothing would change: ${name} is ${context}.`}
      onClose={onClose}
      after={({ undo }) => <UndoButton account={undo} onUndo={onUndo} />}
    >
      {({ answer }) => (
        <>
          <PolicyForm
            choice={choice}
            onChoice={setChoice}
            groups={groups.answer}
            wrongGroup={named.current ? (named.answer?.message ?? null) : null}
          />
          {answer?.leaves === true ? <TakeForm take={take} onTake={setTake} takes={takes.answer} /> : null}
          {answer?.settingsLink === true || copySettings ? (
            <label class="check">
              <input type="checkbox" checked={copySettings} onChange={({ currentTarget }) => setCopySettings(currentTarget.checked)} />
              Replace the link that is its settings.json by a real copy
            </label>
          ) : null}
        </>
      )}
    </ProposalDialog>
  );
}

function choiceFrom({ policy }: AccountRow): Choice {
  if (policy?.mode !== "shared") return { mode: "isolated", group: null, newGroup: "", continuity: "standard" };
  return { mode: "shared", group: policy.group, newGroup: "", continuity: policy.continuity };
}
