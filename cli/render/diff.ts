/** Above this many lines on a side, what differs is not looked for. */
const MOST = 400;

export interface Line {
  readonly side: "this" | "that" | "both";
  readonly text: string;
}

/** The lines of two texts, in order, each with the side it is on. Pure. @returns null where that would take too long */
export function compared(here: string, there: string): Line[] | null {
  const [a, b] = [linesOf(here), linesOf(there)];
  if (a.length > MOST || b.length > MOST) return null;
  // How many lines the rest of both has in common, from each pair of lines on.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = common[i] as Uint16Array;
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ side: "both", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ side: "this", text: a[i] ?? "" });
      i += 1;
    } else {
      lines.push({ side: "that", text: b[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** What differs, with one line around it. Pure. @param most lines to show @returns the lines, and how many more there are */
export function shortened(lines: readonly Line[], most: number): { readonly shown: readonly Line[]; readonly more: number } {
  const near = lines.filter(
    (line, n) => [n - 1, n, n + 1].some((k) => lines[k] !== undefined && lines[k]?.side !== "both") && line !== undefined,
  );
  return { shown: near.slice(0, most), more: Math.max(0, near.length - most) };
}
