import { useState } from "preact/hooks";
import type { AccountRow, RemovedRow, Take } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { Command } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ProposalDialog } from "../parts/proposal.tsx";
import { TakeForm } from "./take-form.tsx";

interface Common {
  readonly revision: number;
  readonly onClose: () => void;
}

/** The last change of an account's history sync, taken back. */
export function Undo({
  account,
  revision,
  onUndo,
  onClose,
}: { readonly account: string; readonly onUndo: (account: string) => void } & Common) {
  const [again, setAgain] = useState(0);
  const plan = useAnswer((signal) => call("preview-undo", { account }, signal), `${revision} ${again}`);
  return (
    <ProposalDialog
      title={`Undo the last change of ${account}`}
      plan={plan}
      onStale={() => setAgain(again + 1)}
      verb="Undo it"
      onClose={onClose}
      after={({ undo }) =>
        undo === null ? null : (
          <button type="button" onClick={() => onUndo(undo)}>
            Undo
          </button>
        )
      }
    />
  );
}

interface RemovalProps extends Common {
  readonly row: AccountRow;
  readonly onReturn: (dated: string, account: string) => void;
}

/** Takes an account out; what it has is set aside. */
export function Removal({ row: { name, context }, revision, onReturn, onClose }: RemovalProps) {
  const [take, setTake] = useState<Take>("mine");
  const [keepLogin, setKeepLogin] = useState(false);
  const [again, setAgain] = useState(0);
  const asked = { account: name, take, keepLogin };
  const plan = useAnswer((signal) => call("preview-removal", asked, signal), JSON.stringify([asked, revision, again]));
  const leaves = plan.answer?.leaves === true;
  const takes = useAnswer((signal) => call("takes", { account: name }, signal), leaves ? `takes ${revision}` : null);
  return (
    <ProposalDialog
      title={`Remove ${name}`}
      subtitle={context}
      plan={plan}
      onStale={() => setAgain(again + 1)}
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
      {leaves ? <TakeForm take={take} onTake={setTake} takes={takes.answer} /> : null}
      <label class="check">
        <input type="checkbox" checked={keepLogin} onChange={({ currentTarget }) => setKeepLogin(currentTarget.checked)} />
        Keep its login with what is set aside
      </label>
    </ProposalDialog>
  );
}

/** Brings back an account that was removed. */
export function Return({ dated, account, revision, onClose }: Pick<RemovedRow, "dated" | "account"> & Common) {
  const [as, setAs] = useState("");
  const [again, setAgain] = useState(0);
  const asked = { dated, as: as === "" ? null : as };
  const plan = useAnswer((signal) => call("preview-return", asked, signal), JSON.stringify([asked, revision, again]), as !== "");
  const wrong = plan.current && plan.refusal?.field === "as" ? plan.refusal.message : null;
  return (
    <ProposalDialog title={`Bring back ${account}`} plan={plan} onStale={() => setAgain(again + 1)} verb="Bring it back" onClose={onClose}>
      {wrong === null && as === "" ? null : (
        <div class="field">
          <label>
            Another name for it
            <input
              type="text"
              value={as}
              autocomplete="off"
              spellcheck={false}
              aria-invalid={wrong !== null}
              aria-describedby="as-wrong"
              onInput={({ currentTarget }) => setAs(currentTarget.value)}
            />
          </label>
          <p id="as-wrong" class="wrong" aria-live="polite">
            {wrong}
          </p>
        </div>
      )}
    </ProposalDialog>
  );
}

/** A login is the client's own, in a terminal; the page sees it come about. */
export function Login({ row: { name, login }, onClose }: { readonly row: AccountRow; readonly onClose: () => void }) {
  const [before] = useState(login);
  const came = login.loggedIn && (!before.loggedIn || login.ends !== before.ends || login.email !== before.email);
  return (
    <Dialog title={`Log in as ${name}`} onClose={onClose}>
      <div class="body">
        <p>Run this in a terminal, and follow what Claude Code says there:</p>
        <Command text={`ccs auth login ${name}`} />
        <p class={came ? "said" : "waiting"} role="status">
          {came ? `Logged in: ${login.email ?? name}.` : "Waiting for the login"}
        </p>
      </div>
      <footer>
        <button type="button" class={came ? "primary" : ""} onClick={onClose}>
          {came ? "Done" : "Close"}
        </button>
      </footer>
    </Dialog>
  );
}
