import { useState } from "preact/hooks";
import type { AccountRow, Take } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { ProposalDialog } from "../parts/proposal.tsx";
import { TakeForm } from "./take-form.tsx";

interface RemovalProps {
  readonly row: AccountRow;
  readonly revision: number;
  readonly onReturn: (dated: string, account: string) => void;
  readonly onClose: () => void;
}

/** Takes an account out; what it has is set aside. */
export function Removal({ row: { name, policy, context }, revision, onReturn, onClose }: RemovalProps) {
  const [take, setTake] = useState<Take>("mine");
  const [keepLogin, setKeepLogin] = useState(false);
  // Once: when it is removed there is nothing to ask any more.
  const takes = useAnswer((signal) => call("takes", { account: name }, signal), policy?.mode === "shared" ? "takes" : null);
  return (
    <ProposalDialog
      title={`Remove ${name}`}
      subtitle={context}
      asked={{ account: name, take, keepLogin }}
      ask={(asked, signal) => call("preview-removal", asked, signal)}
      revision={revision}
      verb="Remove"
      danger
      onClose={onClose}
      after={({ restore }) =>
        restore === null ? null : (
          <button type="button" onClick={() => onReturn(restore, name)}>
            Bring it back
          </button>
        )
      }
    >
      {({ answer }) => (
        <>
          {answer?.leaves === true ? <TakeForm take={take} onTake={setTake} takes={takes.answer} /> : null}
          <label class="check">
            <input type="checkbox" checked={keepLogin} onChange={({ currentTarget }) => setKeepLogin(currentTarget.checked)} />
            Keep its login with what is set aside
          </label>
        </>
      )}
    </ProposalDialog>
  );
}
