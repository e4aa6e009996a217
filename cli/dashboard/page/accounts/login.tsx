import { useState } from "preact/hooks";
import type { AccountRow } from "../../api/schemas.ts";
import { Command } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";

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
