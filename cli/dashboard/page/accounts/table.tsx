import type { ComponentChildren } from "preact";
import { ago, date, moment, stamp } from "../../../render/time.ts";
import type { AccountRow } from "../../api/schemas.ts";
import { Icon } from "../parts/icons.tsx";
import { RowMenu } from "./menu.tsx";
import { COLUMNS, type Column, type Order } from "./sort.ts";

export type Doing = "edit" | "remove" | "default" | "no-default" | "login";

interface TableProps {
  readonly rows: readonly AccountRow[];
  readonly now: number;
  readonly order: Order | null;
  readonly onOrder: (order: Order | null) => void;
  readonly onDo: (doing: Doing, account: AccountRow) => void;
}

export function AccountTable({ rows, now, order, onOrder, onDo }: TableProps) {
  return (
    <table class="accounts" onKeyDown={goToRow}>
      <thead>
        <tr>
          {(Object.keys(COLUMNS) as Column[]).map((column) => (
            <Heading key={column} column={column} order={order} onOrder={onOrder} />
          ))}
          <th scope="col">
            <span class="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.name} row={row} now={now} onDo={onDo} />
        ))}
      </tbody>
    </table>
  );
}

/** Up and down go to the same button of the row above or below. */
function goToRow(event: KeyboardEvent) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const from = event.target;
  if (step === 0 || !(from instanceof HTMLElement) || !from.matches("[data-row]")) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(`[data-row="${from.dataset["row"]}"]`)];
  const next = all[all.indexOf(from) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Heading({ column, order, onOrder }: { readonly column: Column } & Pick<TableProps, "order" | "onOrder">) {
  const mine = order?.column === column ? order : null;
  const next = mine === null ? { column, down: false } : mine.down ? null : { column, down: true };
  return (
    <th scope="col" class={column} {...(mine === null ? {} : { "aria-sort": mine.down ? "descending" : "ascending" })}>
      <button type="button" class="sort" onClick={() => onOrder(next)}>
        {COLUMNS[column]}
        {mine === null ? null : <Icon name={mine.down ? "down" : "up"} />}
      </button>
    </th>
  );
}

function Row({ row, now, onDo }: { readonly row: AccountRow } & Pick<TableProps, "now" | "onDo">) {
  const { name, isDefault, policy, health, standing, running, lastUsed, problems } = row;
  // Nothing is wrong yet, and something is to be done all the same.
  const soon = health === "ok" && standing.attention;
  return (
    <tr>
      <th scope="row" class="name">
        <span class="account">{name}</span>
        {isDefault ? <span class="tag">default</span> : null}
      </th>
      <Cell column="context">
        {policy === null ? <span class="bad">invalid</span> : policy.mode === "isolated" ? "isolated" : `shared (${policy.group})`}
        {policy?.mode === "shared" && policy.continuity === "deeper" ? (
          <>
            <span class="unseen">, </span>
            <span class="tag">deeper</span>
          </>
        ) : null}
      </Cell>
      <Cell column="login">
        <Login row={row} />
      </Cell>
      <Cell column="until">
        <Until row={row} now={now} />
      </Cell>
      <Cell column="used">
        {running > 0 ? (
          <span class="running">running</span>
        ) : (
          <span {...(lastUsed === null ? {} : { title: stamp(Date.parse(lastUsed)) })}>{ago(lastUsed, now)}</span>
        )}
      </Cell>
      <Cell column="health">
        <span class={`mark ${soon ? "warning" : health}`}>{soon ? standing.words : health}</span>
        {problems.map(({ message, fix }) => (
          <p key={message} class="more">
            {message}
            {fix === null ? null : <Cure fix={fix} row={row} onDo={onDo} />}
          </p>
        ))}
      </Cell>
      <td class="actions">
        <button
          type="button"
          class="plain square"
          data-row="edit"
          aria-label={`Edit History Sync of ${name}`}
          title="Edit History Sync"
          onClick={() => onDo("edit", row)}
        >
          <Icon name="pencil" />
        </button>
        <RowMenu row={row} onDo={onDo} />
      </td>
    </tr>
  );
}

/** A cell of the table; on a phone, a line with its title. */
function Cell({ column, children }: { readonly column: Column; readonly children: ComponentChildren }) {
  return (
    <td class={column} data-title={COLUMNS[column]}>
      <div>{children}</div>
    </td>
  );
}

/** What mends a problem: here, where that can be done here. */
function Cure({ fix, row, onDo }: { readonly fix: string; readonly row: AccountRow } & Pick<TableProps, "onDo">) {
  if (fix.startsWith("ccs doctor")) return <a href="#/doctor">Mend it</a>;
  if (!fix.startsWith("ccs auth login")) return <code>{fix}</code>;
  return (
    <button type="button" class="link" aria-label={`Log in as ${row.name}`} onClick={() => onDo("login", row)}>
      Log in
    </button>
  );
}

function Login({ row: { login } }: { readonly row: AccountRow }) {
  const { loggedIn, verified, email, organization, plan } = login;
  if (!loggedIn) return <span class="soft">nobody</span>;
  const more = [organization, plan, verified ? null : "not verified"].filter((word) => word !== null);
  return (
    <>
      <span class="email">{email ?? "logged in"}</span>
      {more.length === 0 ? null : <span class="soft more">{more.join(", ")}</span>}
    </>
  );
}

function Until({ row: { login, standing, limitedUntil }, now }: { readonly row: AccountRow; readonly now: number }) {
  if (!login.loggedIn) return <span class="soft">-</span>;
  const ends =
    login.ends === null ? (
      <span class="soft">-</span>
    ) : (
      <span class={standing.state === "ending" || login.ends < now ? "warn" : undefined}>
        {login.ends < now ? `ended ${date(login.ends)}` : date(login.ends)}
      </span>
    );
  if (limitedUntil === null) return ends;
  return (
    <>
      {ends}
      <span class="warn more">limited until {moment(limitedUntil, now)}</span>
    </>
  );
}
