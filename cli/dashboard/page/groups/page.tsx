import { useState } from "preact/hooks";
import { count } from "../../../render/words.ts";
import type { GroupRow } from "../../api/schemas.ts";
import { membersOf } from "../accounts/policy-form.tsx";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { Command } from "../parts/copy.tsx";
import { Icon } from "../parts/icons.tsx";
import { Problem } from "../parts/problem.tsx";

/** Who shares a history, how much of it there is, and what waits for a person. */
export function GroupsPage({ revision }: { readonly revision: number }) {
  const { answer, refusal } = useAnswer((signal) => call("groups", {}, signal), "groups", revision);
  return (
    <>
      <header class="top">
        <h1>Groups</h1>
      </header>
      {refusal === null ? null : <Problem {...refusal} />}
      {answer === null ? (
        <p class="empty soft">{refusal === null ? "Counting sessions" : ""}</p>
      ) : answer.groups.length === 0 ? (
        <p class="empty soft">No group yet: it is made when an account becomes shared.</p>
      ) : (
        <ul class="panels">
          {answer.groups.map((row) => (
            <GroupPanel key={row.name} row={row} revision={revision} />
          ))}
        </ul>
      )}
    </>
  );
}

function GroupPanel({ row, revision }: { readonly row: GroupRow; readonly revision: number }) {
  const [open, setOpen] = useState(false);
  const { name, sessions, size, setAside, conflicts } = row;
  return (
    <li class="panel">
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="title">
            <Icon name="right" />
            <strong>{name}</strong>
            <span class="soft">{membersOf(row)}</span>
          </span>
          <span class="facts">
            {conflicts === 0 ? null : (
              <span class="mark warning">
                <Icon name="warn" /> {count(conflicts, "conflict waits", "conflicts wait")}
              </span>
            )}
            {setAside.files === 0 ? null : (
              <span class="soft">
                {count(setAside.files, "file")} set aside, {setAside.size}
              </span>
            )}
            <span class="numbers">
              {count(sessions, "session")}, {size}
            </span>
          </span>
        </summary>
        {open ? <Details name={name} revision={revision} /> : null}
      </details>
    </li>
  );
}

function Details({ name, revision }: { readonly name: string; readonly revision: number }) {
  const { answer, refusal } = useAnswer((signal) => call("group", { group: name }, signal), name, revision);
  if (answer === null) return refusal === null ? <p class="soft">Looking at whose sessions these are</p> : <Problem {...refusal} />;
  const { directory, owners, sessions, conflictFiles, setAsideFiles } = answer;
  return (
    <div class="details">
      <h2>Sessions</h2>
      {owners.length === 0 ? <p class="soft">none yet</p> : null}
      <ul class="bars">
        {owners.map(({ account, sessions: own }) => (
          <li key={account}>
            <span>{account ?? "nobody for certain"}</span>
            <meter min={0} max={sessions} value={own} aria-label={`Sessions of ${account ?? "nobody for certain"}`} />
            <span class="numbers">{own}</span>
          </li>
        ))}
      </ul>
      {conflictFiles.length === 0 ? null : (
        <>
          <h2>Conflicts</h2>
          <p class="soft">Waiting for a person: both files stay until one is dealt with.</p>
          <Paths paths={conflictFiles.map((path) => ({ path, more: null }))} />
          <Command text={`ccs group resolve ${name}`} />
        </>
      )}
      {setAsideFiles.length === 0 ? null : (
        <>
          <h2>Set aside</h2>
          <p class="soft">Kept, out of sight of every client. The doctor drops what it finds equal to what stands in the group.</p>
          <Paths paths={setAsideFiles.map(({ path, size, why }) => ({ path, more: `${size}, ${why}` }))} />
        </>
      )}
      <h2>Directory</h2>
      <p class="path">{directory}</p>
    </div>
  );
}

/** Rows before the rest is only counted. */
const MOST = 50;

function Paths({ paths }: { readonly paths: readonly { readonly path: string; readonly more: string | null }[] }) {
  return (
    <ul class="paths">
      {paths.slice(0, MOST).map(({ path, more }) => (
        <li key={path}>
          <span class="path">{path}</span>
          {more === null ? null : <span class="soft"> {more}</span>}
        </li>
      ))}
      {paths.length > MOST ? <li class="soft">and {paths.length - MOST} more</li> : null}
    </ul>
  );
}
