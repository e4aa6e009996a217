import type { Plan } from "./asking.ts";
import { Icon } from "./icons.tsx";
import { Problem } from "./problem.tsx";

/** A plan as it would be applied: what happens, and what stands in its way. */
export function PlanView({ plan: { answer, refusal, current }, nothing }: { readonly plan: Plan; readonly nothing: string }) {
  const whole = refusal?.field == null && !(current && answer === null && refusal === null);
  return (
    <section class="plan" aria-label="What happens" aria-busy={!current} aria-live="polite">
      <h3>What happens</h3>
      {refusal !== null && refusal.field === null ? <Problem {...refusal} /> : null}
      {answer === null ? (
        refusal === null || !whole ? (
          <p class="soft">
            {whole ? "Looking at what would change" : "Here stands what would happen, as soon as the choice above is whole."}
          </p>
        ) : null
      ) : (
        <>
          {answer.sentences.length === 0 && answer.blockers.length === 0 ? <p class="soft">{nothing}</p> : null}
          <ul class="sentences">
            {answer.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {answer.blockers.map(({ message, where, hint }) => (
            <div key={message} class="notice warning">
              <p>
                <Icon name="warn" /> {message}
              </p>
              {message.includes(where) ? null : <p class="path">{where}</p>}
              <p class="hint">{hint}</p>
            </div>
          ))}
        </>
      )}
    </section>
  );
}
