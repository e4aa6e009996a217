import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { count, listed } from "../../../render/words.ts";
import type { Answer, AskedPolicy, GroupRow } from "../../api/schemas.ts";

/** What is chosen, before it is a policy: going back and forth loses nothing. */
export interface Choice {
  readonly mode: "isolated" | "shared";
  /** null: a new one. */
  readonly group: string | null;
  readonly newGroup: string;
  readonly continuity: "standard" | "deeper";
}

export function askedOf({ mode, group, newGroup, continuity }: Choice): AskedPolicy {
  return mode === "isolated" ? { mode } : { mode, group: group ?? newGroup, continuity };
}

/** The name that is typed for a new group; null where none is asked for. */
export function newGroupOf({ mode, group, newGroup }: Choice): string | null {
  return mode === "shared" && group === null ? newGroup : null;
}

interface FormProps {
  readonly choice: Choice;
  readonly onChoice: (choice: Choice) => void;
  /** null while they are counted. */
  readonly groups: Answer<"groups"> | null;
  /** What is wrong with the name of the new group. */
  readonly wrongGroup: string | null;
}

/** Whose history an account sees: isolated or shared, which group, how much. */
export function PolicyForm({ choice, onChoice, groups, wrongGroup }: FormProps) {
  const name = useId();
  const set = (part: Partial<Choice>) => onChoice({ ...choice, ...part });
  const { mode, continuity } = choice;
  return (
    <>
      <fieldset class="cards two">
        <legend>History sync</legend>
        <Card name={`${name}-mode`} checked={mode === "isolated"} onChoose={() => set({ mode: "isolated" })} title="isolated">
          sees its own history only
        </Card>
        <Card name={`${name}-mode`} checked={mode === "shared"} onChoose={() => set(firstGroup(choice, groups))} title="shared">
          sees one history with the accounts of a group
        </Card>
      </fieldset>
      {mode === "isolated" ? null : (
        <>
          <GroupChoice choice={choice} groups={groups?.groups ?? null} wrong={wrongGroup} onChoice={set} />
          <fieldset class="cards two">
            <legend>Continuity</legend>
            <Card
              name={`${name}-continuity`}
              checked={continuity === "standard"}
              onChoose={() => set({ continuity: "standard" })}
              title="standard"
            >
              conversations, their attachments and memory; <code>/rewind</code> cannot restore files that turns of another account changed
            </Card>
            <Card
              name={`${name}-continuity`}
              checked={continuity === "deeper"}
              onChoose={() => set({ continuity: "deeper" })}
              title="deeper"
            >
              also {listed(groups?.deeper ?? ["checkpoints", "task lists"])}: <code>/rewind</code> is complete
            </Card>
          </fieldset>
        </>
      )}
    </>
  );
}

/** Sharing begins with a group there is, where nothing else was said yet. */
function firstGroup({ group, newGroup }: Choice, groups: Answer<"groups"> | null): Partial<Choice> {
  const untouched = group === null && newGroup === "";
  return { mode: "shared", ...(untouched ? { group: groups?.groups[0]?.name ?? null } : {}) };
}

interface CardProps {
  readonly name: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** One of several answers, with what it means. */
export function Card({ name, checked, onChoose, title, children }: CardProps) {
  return (
    <label class="card">
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        <span class="soft">{children}</span>
      </span>
    </label>
  );
}

interface GroupProps {
  readonly choice: Choice;
  readonly groups: readonly GroupRow[] | null;
  readonly wrong: string | null;
  readonly onChoice: (part: Partial<Choice>) => void;
}

function GroupChoice({ choice, groups, wrong, onChoice }: GroupProps) {
  const name = useId();
  const wrongId = useId();
  const { group, newGroup } = choice;
  const isNew = group === null;
  // Nothing typed yet is nothing wrong yet.
  const said = isNew && newGroup.trim() !== "" ? wrong : null;
  return (
    <fieldset class="groups">
      <legend>Group</legend>
      {groups === null ? <p class="soft">Counting sessions</p> : null}
      <div class="rows">
        {(groups ?? []).map((row) => (
          <label key={row.name} class="card row">
            <input type="radio" name={name} checked={group === row.name} onChange={() => onChoice({ group: row.name })} />
            <span>
              <strong>{row.name}</strong>
              <span class="soft">{membersOf(row)}</span>
            </span>
            <span class="soft numbers">
              {count(row.sessions, "session")}, {row.size}
            </span>
          </label>
        ))}
        <label class="card row">
          <input type="radio" name={name} checked={isNew} onChange={() => onChoice({ group: null })} />
          <span>
            <strong>a new group</strong>
          </span>
        </label>
      </div>
      {isNew ? (
        <div class="field">
          <label>
            Name of the new group
            <input
              type="text"
              value={newGroup}
              placeholder="team-alpha"
              autocomplete="off"
              spellcheck={false}
              aria-invalid={said !== null}
              aria-describedby={wrongId}
              onInput={({ currentTarget }) => onChoice({ newGroup: currentTarget.value })}
            />
          </label>
          <p id={wrongId} class="wrong" aria-live="polite">
            {said}
          </p>
        </div>
      ) : null}
    </fieldset>
  );
}

/** `work, spare (deeper)`. */
export function membersOf({ members }: Pick<GroupRow, "members">): string {
  if (members.length === 0) return "no members";
  const names = members.map(({ account, continuity }) => (continuity === "deeper" ? `${account} (deeper)` : account));
  return names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : listed(names);
}
