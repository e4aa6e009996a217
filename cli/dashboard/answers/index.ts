import type { Home, Progress } from "../../../shared/index.ts";
import type { Answer, Asked, CallName } from "../api/schemas.ts";
import { accounts } from "./accounts.ts";
import type { Approved } from "./approved.ts";

/** What a call may use. */
export interface Asking {
  readonly home: Home;
  readonly onProgress: (progress: Progress) => void;
  /** Keeps what a plan was made of, for `apply`. */
  readonly keep: (approved: Approved) => void;
}

/** Every call but `apply`, which is the server's own to hand on. Each is a use case of shared and a shape for the page. */
export const ANSWERS: { readonly [K in CallName]?: (asking: Asking, asked: Asked<K>) => Answer<K> } = {
  accounts: ({ home }) => accounts(home),
};
