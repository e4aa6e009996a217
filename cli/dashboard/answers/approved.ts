import type { Asked } from "../api/schemas.ts";

/** A plan somebody saw, as far as it takes to apply just that. Plain data: it goes from thread to thread. */
export type Approved = { readonly does: "removal"; readonly asked: Asked<"preview-removal">; readonly digest: string };
