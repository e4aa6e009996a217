import type { Seen } from "../../../shared/index.ts";
import type { Asked } from "../api/schemas.ts";

/** A plan somebody saw, as far as it takes to apply just that. Plain data: it goes from thread to thread. */
export type Approved =
  | { readonly does: "change"; readonly seen: Seen }
  | { readonly does: "removal"; readonly asked: Asked<"preview-removal">; readonly digest: string }
  | { readonly does: "return"; readonly asked: Asked<"preview-return">; readonly digest: string }
  | { readonly does: "mending"; readonly asked: Asked<"preview-mending">; readonly sentences: readonly string[] };
