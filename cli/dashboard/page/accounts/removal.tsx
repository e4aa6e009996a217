import { useState } from "preact/hooks";
import type { AccountRow, Take } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { ProposalDialog } from "../parts/proposal.tsx";
import { TakeForm } from "./take-form.tsx";

interface RemovalProps {
  readonly row: AccountRow;
  readonly revision: number;
  readonly onReturn: (dated: string, account: string) => void;
  readonly onClose: () => void;
}

/** Takes an account out; what it has is set aside. */
export function Removal({ row: { name, context }, revision, onReturn, onClose }: RemovalProps) {
  const [take, setTake] = useState<Take>("mine");
  const [keepLogin, setKeepLogin] = useState(false);
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
      {({ answer }, revision) => (
        <>
          {answer?.leaves === true ? <TakeForm account={name} take={take} onTake={setTake} revision={revision} /> : null}
          <label class="check">
            <input type="checkbox" checked={keepLogin} onChange={({ currentTarget }) => setKeepLogin(currentTarget.checked)} />
            Keep its login with what is set aside
          </label>
        </>
      )}
    </ProposalDialog>
  );
}
