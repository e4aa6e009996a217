import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Applied, Progress, Proposal, Refusal } from "../../api/schemas.ts";
import { apply, CallError } from "../call.ts";
import { type Plan, useAnswer } from "./asking.ts";
import { Dialog } from "./dialog.tsx";
import { PlanView } from "./plan.tsx";
import { Problem } from "./problem.tsx";

/** Milliseconds before what somebody else holds is tried again; for a lock, the server has waited before it says so. */
const AGAIN = 1000;

type State =
  | { readonly is: "choosing"; readonly refusal: Refusal["error"] | null }
  | { readonly is: "applying"; readonly progress: Progress | null; readonly waiting: string | null }
  | { readonly is: "done"; readonly applied: Applied };

interface ProposalProps<A> {
  readonly title: string;
  readonly subtitle?: string;
  /** What the plan is asked for with; null where there is nothing to ask yet. */
  readonly asked: A | null;
  readonly ask: (asked: A, signal: AbortSignal) => Promise<Proposal>;
  /** Grows whenever something changed on disk. */
  readonly revision: number;
  /** What is chosen, above the plan, which it is given. */
  readonly children?: (plan: Plan) => ComponentChildren;
  /** What the button says. */
  readonly verb: string;
  readonly danger?: boolean;
  /** What is said where there is nothing to do. */
  readonly nothing?: string;
  readonly onClose: () => void;
  /** What can be done after it, beside Done. */
  readonly after?: (applied: Applied) => ComponentChildren;
}

/** Something that is chosen, shown as a plan, applied, and confirmed. */
export function ProposalDialog<A>(props: ProposalProps<A>) {
  const { title, subtitle, asked, ask, children, verb, danger, nothing, onClose, after } = props;
  const [state, setState] = useState<State>({ is: "choosing", refusal: null });
  const [again, setAgain] = useState(0);
  const stopped = useRef(false);
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (state.is === "done") done.current?.focus();
  }, [state.is]);

  // From Apply on, what changes on disk is what is being applied.
  const seen = useRef(props.revision);
  if (state.is === "choosing") seen.current = props.revision;
  const revision = seen.current;
  const plan = useAnswer(
    (signal) => (asked === null ? Promise.reject(new TypeError("there is nothing to ask")) : ask(asked, signal)),
    asked === null ? null : JSON.stringify([asked, again]),
    revision,
  );
  const { answer, current } = plan;
  const id = current ? (answer?.id ?? null) : null;

  const carryOut = async (id: string) => {
    stopped.current = false;
    setState({ is: "applying", progress: null, waiting: null });
    for (;;) {
      try {
        const applied = await apply(id, (progress) => setState({ is: "applying", progress, waiting: null }));
        return setState({ is: "done", applied });
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        const { refusal } = error;
        if (refusal.code === "stale") setAgain((last) => last + 1);
        if (refusal.code !== "busy" || stopped.current) return setState({ is: "choosing", refusal });
        setState({ is: "applying", progress: null, waiting: refusal.message });
        await new Promise((again) => setTimeout(again, AGAIN));
        if (stopped.current) return setState({ is: "choosing", refusal: null });
      }
    }
  };

  if (state.is === "done") {
    const { said, sentences, left } = state.applied;
    return (
      <Dialog title={title} {...(subtitle === undefined ? {} : { subtitle })} onClose={onClose}>
        <div class="body">
          <p class="said" role="status">
            {said}
          </p>
          <ul class="sentences">
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {left.map(({ id, message, where, fix }) => (
            <Problem key={id} message={message} where={where} untouched={null} hint={fix?.command ?? null} />
          ))}
        </div>
        <footer>
          {after?.(state.applied)}
          <button type="button" class="primary" ref={done} onClick={onClose}>
            Done
          </button>
        </footer>
      </Dialog>
    );
  }

  const applying = state.is === "applying";
  return (
    <Dialog title={title} {...(subtitle === undefined ? {} : { subtitle })} held={applying} onClose={onClose}>
      <div class="body">
        <div class="choices" inert={applying}>
          {children?.(plan)}
        </div>
        {state.is === "choosing" && state.refusal !== null ? (
          state.refusal.code === "stale" ? (
            <p class="notice warning" role="alert">
              Something changed since the plan was shown; nothing was changed. This is the plan now.
            </p>
          ) : (
            <Problem {...state.refusal} />
          )
        ) : null}
        <PlanView plan={plan} nothing={nothing ?? "Nothing would change."} />
      </div>
      <footer>
        {state.is === "applying" ? (
          <Applying
            progress={state.progress}
            waiting={state.waiting}
            onStop={() => {
              stopped.current = true;
            }}
          />
        ) : (
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        )}
        <button
          type="button"
          class={danger === true ? "primary danger" : "primary"}
          disabled={id === null || applying}
          onClick={() => {
            if (id !== null) void carryOut(id);
          }}
        >
          {verb}
        </button>
      </footer>
    </Dialog>
  );
}

interface ApplyingProps {
  readonly progress: Progress | null;
  /** Who is waited for; null where nobody is. */
  readonly waiting: string | null;
  readonly onStop: () => void;
}

function Applying({ progress, waiting, onStop }: ApplyingProps) {
  if (waiting !== null) {
    return (
      <div class="applying" role="status">
        <span>Waiting: {waiting}. Trying again.</span>
        <button type="button" onClick={onStop}>
          Stop
        </button>
      </div>
    );
  }
  return (
    <div class="applying" role="status">
      {progress === null ? (
        <progress aria-label="Applying" />
      ) : (
        <progress aria-label="Applying" value={progress.done} max={progress.total} />
      )}
      <span>{progress === null ? "Applying" : `${progress.done} of ${progress.total}`}</span>
    </div>
  );
}
