import { useState } from "preact/hooks";
import type { Refusal } from "../../api/schemas.ts";
import { CallError, call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { askedOf, type Choice, newGroupOf, PolicyForm } from "./policy-form.tsx";

interface CreateProps {
  readonly revision: number;
  readonly onCreated: (account: string) => void;
  readonly onClose: () => void;
}

/** A new account: its name, and whose history it sees. The login follows in a terminal. */
export function Create({ revision, onCreated, onClose }: CreateProps) {
  const [account, setAccount] = useState("");
  const [choice, setChoice] = useState<Choice>({ mode: "isolated", group: null, newGroup: "", continuity: "standard" });
  const [refusal, setRefusal] = useState<Refusal["error"] | null>(null);
  const [busy, setBusy] = useState(false);

  const groups = useAnswer((signal) => call("groups", {}, signal), "groups", revision);
  const named = useAnswer(
    (signal) => call("name", { of: "account", name: account }, signal),
    account === "" ? null : account,
    revision,
    true,
  );
  const newGroup = newGroupOf(choice);
  const group = useAnswer((signal) => call("name", { of: "group", name: newGroup ?? "" }, signal), newGroup, 0, true);

  const wrong =
    account === "" ? null : refusal?.field === "account" ? refusal.message : named.current ? (named.answer?.message ?? null) : null;
  const isNamed = account !== "" && named.current && named.answer?.name != null;
  const ready = isNamed && (newGroup === null || (group.current && group.answer?.name != null));

  const make = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      onCreated((await call("create", { account, to: askedOf(choice) })).account);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      setRefusal(error.refusal);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Create an account" held={busy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void make();
        }}
      >
        <div class="body">
          <div class="choices" inert={busy}>
            <div class="field">
              <label>
                Name
                <input
                  type="text"
                  value={account}
                  placeholder="work"
                  autocomplete="off"
                  spellcheck={false}
                  aria-invalid={wrong !== null}
                  aria-describedby="name-wrong"
                  onInput={({ currentTarget }) => {
                    setAccount(currentTarget.value);
                    setRefusal(null);
                  }}
                />
              </label>
              <p id="name-wrong" class="wrong" aria-live="polite">
                {wrong}
              </p>
            </div>
            <PolicyForm
              choice={choice}
              onChoice={setChoice}
              groups={groups.answer}
              wrongGroup={group.current ? (group.answer?.message ?? null) : null}
            />
          </div>
          {refusal === null || refusal.field === "account" ? null : <Problem {...refusal} />}
        </div>
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={!ready || busy}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
