import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ago } from "../../../render/time.ts";
import { count } from "../../../render/words.ts";
import type { AccountRow, Answer, Refusal } from "../../api/schemas.ts";
import { CallError, call } from "../call.ts";
import { Icon } from "../parts/icons.tsx";
import { Problem } from "../parts/problem.tsx";
import { Create } from "./create.tsx";
import { Editor } from "./editor.tsx";
import { Login } from "./login.tsx";
import { Removal } from "./removal.tsx";
import { Return } from "./return.tsx";
import { type Order, shownRows } from "./sort.ts";
import { AccountTable, type Doing } from "./table.tsx";
import { Undo } from "./undo.tsx";

/** The dialog that is open. */
type Open =
  | { readonly is: "edit" | "remove" | "login"; readonly account: string }
  | { readonly is: "undo"; readonly account: string }
  | { readonly is: "return"; readonly dated: string; readonly account: string }
  | { readonly is: "create" };

interface PageProps {
  readonly data: Answer<"accounts">;
  readonly revision: number;
}

export function AccountsPage({ data, revision }: PageProps) {
  const { accounts, removed, problems, now } = data;
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const [refusal, setRefusal] = useState<Refusal["error"] | null>(null);
  const rows = useMemo(() => shownRows(accounts, search, order), [accounts, search, order]);
  const close = () => setOpen(null);

  const setDefault = async (account: string | null) => {
    setRefusal(null);
    try {
      await call("set-default", { account });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      setRefusal(error.refusal);
    }
  };
  const onDo = (doing: Doing, { name }: AccountRow) => {
    if (doing === "default") void setDefault(name);
    else if (doing === "no-default") void setDefault(null);
    else setOpen({ is: doing, account: name });
  };
  return (
    <>
      <header class="top">
        <h1>Accounts</h1>
        <Search value={search} onSearch={setSearch} />
        <button type="button" class="primary" onClick={() => setOpen({ is: "create" })}>
          <Icon name="plus" /> Create account
        </button>
      </header>
      {problems.length === 0 ? null : (
        <div class="notice error" role="alert">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </div>
      )}
      {refusal === null ? null : <Problem {...refusal} />}
      <p class="unseen" role="status">
        {count(rows.length, "account")}
      </p>
      {accounts.length === 0 ? (
        <Empty onCreate={() => setOpen({ is: "create" })} />
      ) : rows.length === 0 ? (
        <p class="empty soft">No account matches.</p>
      ) : (
        <AccountTable rows={rows} now={now} order={order} onOrder={setOrder} onDo={onDo} />
      )}
      {removed.length === 0 ? null : (
        <details class="removed">
          <summary>Removed ({removed.length})</summary>
          <ul>
            {removed.map(({ account, dated, at, context }) => (
              <li key={dated}>
                <span>
                  <strong>{account}</strong>{" "}
                  <span class="soft">
                    {[context, at === null ? null : `removed ${ago(at, now)}`].filter((word) => word !== null).join(", ")}
                  </span>
                </span>
                <button type="button" aria-label={`Bring back ${account}`} onClick={() => setOpen({ is: "return", dated, account })}>
                  Bring back
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Opened
        // A dialog that follows another one begins anew.
        key={open === null ? "" : JSON.stringify(open)}
        {...{ open, accounts, revision }}
        onOpen={setOpen}
        onClose={close}
      />
    </>
  );
}

interface OpenedProps {
  readonly open: Open | null;
  readonly accounts: readonly AccountRow[];
  readonly revision: number;
  readonly onOpen: (open: Open) => void;
  readonly onClose: () => void;
}

function Opened({ open, accounts, revision, onOpen, onClose }: OpenedProps) {
  // The row as it was: what was removed is still being confirmed.
  const named = open !== null && open.is !== "create" ? accounts.find(({ name }) => name === open.account) : undefined;
  const kept = useRef(named);
  kept.current = named ?? kept.current;
  const row = kept.current;
  const onUndo = (account: string) => onOpen({ is: "undo", account });
  if (open === null) return null;
  switch (open.is) {
    case "create":
      return <Create revision={revision} onCreated={(account) => onOpen({ is: "login", account })} onClose={onClose} />;
    case "undo":
      return <Undo account={open.account} {...{ revision, onUndo, onClose }} />;
    case "return":
      return <Return dated={open.dated} account={open.account} {...{ revision, onClose }} />;
    case "edit":
      return row === undefined ? null : <Editor {...{ row, revision, onUndo, onClose }} />;
    case "remove":
      return row === undefined ? null : (
        <Removal {...{ row, revision, onClose }} onReturn={(dated, account) => onOpen({ is: "return", dated, account })} />
      );
    case "login":
      return row === undefined ? null : <Login {...{ row, onClose }} />;
  }
}

/** Where there is no account yet. */
function Empty({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <div class="empty">
      <p>No account yet. An account is a Claude login with a configuration directory of its own.</p>
      <button type="button" onClick={onCreate}>
        Create the first account
      </button>
    </div>
  );
}

function Search({ value, onSearch }: { readonly value: string; readonly onSearch: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, dialog *");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", go);
    return () => document.removeEventListener("keydown", go);
  }, []);
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label="Search accounts"
        placeholder="Search"
        aria-keyshortcuts="/"
        value={value}
        onInput={({ currentTarget }) => onSearch(currentTarget.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}
