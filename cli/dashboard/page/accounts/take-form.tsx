import { useId } from "preact/hooks";
import type { Answer, Take } from "../../api/schemas.ts";
import { Card } from "./policy-form.tsx";

interface TakeProps {
  readonly take: Take;
  readonly onTake: (take: Take) => void;
  /** null while they are counted. */
  readonly takes: Answer<"takes"> | null;
}

/** What an account takes along when it leaves a group. */
export function TakeForm({ take, onTake, takes }: TakeProps) {
  const name = useId();
  const continued = takes === null || takes.continued === 0 ? "" : `; you continued ${takes.continued} of the others`;
  return (
    <fieldset class="cards three">
      <legend>Take a copy of</legend>
      <Card name={name} checked={take === "mine"} onChoose={() => onTake("mine")} title="its own sessions">
        {takes === null ? "those it began or brought" : `${takes.mine} of ${takes.all}${continued}`}
      </Card>
      <Card name={name} checked={take === "all"} onChoose={() => onTake("all")} title="all sessions">
        {takes === null ? "also those of the other accounts" : `${takes.all}, also those of the other accounts`}
      </Card>
      <Card name={name} checked={take === "none"} onChoose={() => onTake("none")} title="nothing">
        the group keeps everything in any case
      </Card>
    </fieldset>
  );
}
