import type { Refusal } from "../../api/schemas.ts";

/** What the server said no to: what is wrong, where, what was left as it was, and what mends it. */
export function Problem({ message, where, untouched, hint }: Omit<Refusal["error"], "code" | "field">) {
  return (
    <div class="notice error" role="alert">
      <p>{message}</p>
      {where === null || message.includes(where) ? null : <p class="path">{where}</p>}
      {untouched === null ? null : <p class="soft">{untouched}</p>}
      {hint === null ? null : <p class="hint">{hint}</p>}
    </div>
  );
}
