import type { CheckResult, Health } from "../../shared/index.ts";
import type { Paint } from "./style.ts";

/** The colour a result is shown in. */
export function resultPaint(result: Health | CheckResult["result"], paint: Paint): (text: string) => string {
  switch (result) {
    case "ok":
      return paint.green;
    case "warning":
      return paint.yellow;
    case "error":
      return paint.red;
    case "info":
      return paint.cyan;
    case "skipped":
      return paint.dim;
  }
}
