import { call } from "../call.ts";
import { ProposalDialog } from "../parts/proposal.tsx";

interface UndoProps {
  readonly account: string;
  readonly revision: number;
  readonly onUndo: (account: string) => void;
  readonly onClose: () => void;
}

/** The last change of an account's history sync, taken back; which can itself be taken back. */
export function Undo({ account, revision, onUndo, onClose }: UndoProps) {
  return (
    <ProposalDialog
      title={`Undo the last change of ${account}`}
      asked={{ account }}
      ask={(asked, signal) => call("preview-undo", asked, signal)}
      revision={revision}
      verb="Undo it"
      onClose={onClose}
      after={({ undo }) => <UndoButton account={undo} onUndo={onUndo} />}
    />
  );
}

/** @param account whose last change can be taken back; null: there is none */
export function UndoButton({ account, onUndo }: { readonly account: string | null; readonly onUndo: (account: string) => void }) {
  if (account === null) return null;
  return (
    <button type="button" onClick={() => onUndo(account)}>
      Undo
    </button>
  );
}
