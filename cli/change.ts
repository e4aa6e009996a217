import {
  applyChange,
  type Change,
  type ChangeReport,
  changeNow,
  type Home,
  type Preview,
  type Progress,
  previewChange,
} from "../shared/index.ts";
import { progressLine, saying } from "./render/progress.ts";

/** What a change would do. */
export function preview(home: Home, change: Change): Preview {
  return saying("Looking at what would change", () => previewChange(home, change));
}

/** Applies what a person saw and said yes to. @throws CcsError `stale` where it would be something else by now */
export function applySeen(home: Home, preview: Preview): ChangeReport {
  return counting((onProgress) => applyChange(home, preview, { approved: true, onProgress }));
}

/** Applies a change without having shown what it does. */
export function applyNow(home: Home, change: Change): ChangeReport {
  return counting((onProgress) => changeNow(home, change, onProgress));
}

function counting<T>(work: (onProgress: (progress: Progress) => void) => T): T {
  const line = progressLine("Changing");
  try {
    return work(line.report);
  } finally {
    line.clear();
  }
}
