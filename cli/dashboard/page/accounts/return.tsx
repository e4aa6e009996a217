import { useId, useState } from "preact/hooks";
import type { RemovedRow } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { ProposalDialog } from "../parts/proposal.tsx";

interface ReturnProps extends Pick<RemovedRow, "dated" | "account"> {
  readonly revision: number;
  readonly onClose: () => void;
}

/** Brings back an account that was removed, under another name where its own is taken. */
export function Return({ dated, account, revision, onClose }: ReturnProps) {
  const [as, setAs] = useState("");
  const wrongId = useId();
  return (
    <ProposalDialog
      title={`Bring back ${account}`}
      asked={{ dated, as: as === "" ? null : as }}
      ask={(asked, signal) => call("preview-return", asked, signal)}
      revision={revision}
      verb="Bring it back"
      onClose={onClose}
    >
      {({ current, refusal }) => {
        const wrong = current && refusal?.field === "as" ? refusal.message : null;
        if (wrong === null && as === "") return null;
        return (
          <div class="field">
            <label>
              Another name for it
              <input
                type="text"
                value={as}
                autocomplete="off"
                spellcheck={false}
                aria-invalid={wrong !== null}
                aria-describedby={wrongId}
                onInput={({ currentTarget }) => setAs(currentTarget.value)}
              />
            </label>
            <p id={wrongId} class="wrong" aria-live="polite">
              {wrong}
            </p>
          </div>
        );
      }}
    </ProposalDialog>
  );
}
