import { useState } from "preact/hooks";
import { count, listed } from "../../../render/words.ts";
import type { Check } from "../../api/schemas.ts";
import { call } from "../call.ts";
import { useAnswer } from "../parts/asking.ts";
import { Command } from "../parts/copy.tsx";
import { Problem } from "../parts/problem.tsx";
import { ProposalDialog } from "../parts/proposal.tsx";

/** What is mended; null: all that can be. */
type Mending = { readonly only: readonly string[] | null; readonly title: string };

/** What every check says, and what can be mended. */
export function DoctorPage({ revision }: { readonly revision: number }) {
  const { answer, refusal } = useAnswer((signal) => call("doctor", {}, signal), "doctor", revision);
  const [mending, setMending] = useState<Mending | null>(null);
  const checks = answer?.checks ?? [];
  const wrong = checks.filter(isWrong);
  const rest = checks.filter((check) => !isWrong(check));
  const mendable = wrong.filter(canBeMended).length;
  return (
    <>
      <header class="top">
        <h1>Doctor</h1>
        <p class="soft grow" role="status">
          {answer === null ? "Looking" : summaryOf(wrong)}
        </p>
        {mendable === 0 ? null : (
          <button type="button" class="primary" onClick={() => setMending({ only: null, title: "Fix all that is safe" })}>
            Fix all that is safe ({mendable})
          </button>
        )}
      </header>
      {refusal === null ? null : <Problem {...refusal} />}
      <ul class="panels">
        {grouped(wrong).map(({ title, checks }) => (
          <li key={title} class="panel">
            <h2>{title}</h2>
            <ul class="checks">
              {checks.map((check) => (
                <CheckRow key={check.id} check={check} onMend={() => setMending({ only: [check.id], title: `Fix: ${check.name}` })} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <details class="fine" open={wrong.length === 0}>
          <summary>{count(rest.length, "check")} without a problem</summary>
          {grouped(rest).map(({ title, checks }) => (
            <section key={title}>
              <h3>{title}</h3>
              <ul class="checks">
                {checks.map((check) => (
                  <CheckRow key={check.id} check={check} onMend={null} />
                ))}
              </ul>
            </section>
          ))}
        </details>
      )}
      {mending === null ? null : <Mend {...{ mending, revision }} onClose={() => setMending(null)} />}
    </>
  );
}

function CheckRow({ check, onMend }: { readonly check: Check; readonly onMend: (() => void) | null }) {
  const { name, result, message, where, fix, subject } = check;
  const mends = onMend !== null && canBeMended(check);
  return (
    <li class="check-row">
      <span class={`mark ${result}`}>{result}</span>
      <div>
        <p>
          <span class="check-name">{name}</span> {message}
        </p>
        {isWrong(check) && where !== null && !message.includes(where) ? <p class="path">{where}</p> : null}
        {isWrong(check) && fix !== null && !mends ? <Command text={fix.command} /> : null}
        {mends ? (
          <ul class="sentences soft">
            {fix?.describes.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        ) : null}
      </div>
      {mends ? (
        <button type="button" aria-label={`Fix ${name}${subject === null ? "" : ` of ${subject}`}`} onClick={onMend}>
          Fix
        </button>
      ) : null}
    </li>
  );
}

function Mend({ mending, revision, onClose }: { readonly mending: Mending; readonly revision: number; readonly onClose: () => void }) {
  return (
    <ProposalDialog
      title={mending.title}
      asked={{ only: mending.only }}
      ask={(asked, signal) => call("preview-mending", asked, signal)}
      revision={revision}
      verb="Fix"
      nothing="There is nothing to mend any more."
      onClose={onClose}
    />
  );
}

function isWrong({ result }: Check): boolean {
  return result === "error" || result === "warning";
}

function canBeMended({ fix }: Check): boolean {
  return fix !== null && fix.describes.length > 0;
}

function summaryOf(wrong: readonly Check[]): string {
  if (wrong.length === 0) return "No problems.";
  const of = (wanted: Check["result"]) => wrong.filter(({ result }) => result === wanted).length;
  const words = [of("error") > 0 ? count(of("error"), "error") : "", of("warning") > 0 ? count(of("warning"), "warning") : ""];
  return `${listed(words.filter((word) => word !== ""))}.`;
}

/** In the order they came, those of one subject together. */
function grouped(checks: readonly Check[]): { readonly title: string; readonly checks: Check[] }[] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const title = `${check.subject ?? "ccs"}${check.about === "group" ? " (group)" : ""}`;
    groups.set(title, [...(groups.get(title) ?? []), check]);
  }
  return [...groups].map(([title, checks]) => ({ title, checks }));
}
