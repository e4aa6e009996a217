import fc from "fast-check";

/** A line of a config, and whose it is: "account/key", "account", or nobody's. */
export interface Line {
  readonly text: string;
  readonly of: string;
}

/** A random config.yaml in block style, as lines whose owners are known. */
export interface RandomConfig {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly eol: string;
  /** The ending of the last line: none, or like the others. */
  readonly ending: string;
  readonly accounts: readonly string[];
}

/** What a value of an account's own key can look like after `key:`; `in` is the indentation of lines below. */
const GROUP = ["team", "'team'", '"team"', "Team Alpha", "!!str team", "&g team", "team # why", "*shared_group"];
const TIME = ["null", "~", "", '"2026-02-24T00:00:00.000Z"', "'2026-02-24T00:00:00.000Z'", "2026-02-24T00:00:00.000Z # then"];

type Key = readonly [string, readonly string[]];

/** An own key with its value, over one or more lines. */
function ownKey(key: string, values: readonly string[], folded: boolean): fc.Arbitrary<Key> {
  const single = fc.constantFrom(...values).map((value): Key => [key, [`${key}:${value === "" ? "" : ` ${value}`}`]]);
  if (!folded) return single;
  const block = fc
    .constantFrom(">-", "|-", ">2- # folded")
    .map((head): Key => [key, [`${key}: ${head}`, "  team", "", "  alpha"].slice(0, 2)]);
  const lines = fc.constantFrom<Key>(
    [key, [`${key}: "team`, '  alpha"']],
    [key, [`${key}:`, "  team"]],
    [`${key}`, [`? ${key}`, ": team"]],
  );
  return fc.oneof({ weight: 3, arbitrary: single }, { weight: 1, arbitrary: fc.oneof(block, lines) });
}

/** What another tool keeps in an account. */
const FOREIGN: readonly Key[] = [
  ["bare", ["bare: true"]],
  ["list", ["list: [a,  b , # odd", "  c]"]],
  ["flow", ["flow: {a: 1 ,b: {c: 2}}   # kept"]],
  ["notes", ["notes: >-", "  folded", "", "    text # no comment", "  end"]],
  ["kept", ["kept: |+", "  literal", "", "# end"]],
  ["open", ["open: |+", "  literal", "", ""]],
  ["deep", ["deep:", "  a:", "    - x: 1", "      y: 2", "    # inside", "    -   z"]],
  ["quoted", ["'quoted' : \"a", '  b\\"c"']],
  ["plain", ["plain: two", "  lines"]],
  ["seq", ["seq:", "- 1", "-  2"]],
  ["anchor", ["anchor: &anchor {x: 1}"]],
];

const comments = fc.array(fc.constantFrom("# a comment", "", "#", "# context_mode: shared"), { maxLength: 2 });

const ownKeys = fc
  .tuple(
    fc.option(ownKey("created", TIME, false), { nil: undefined }),
    fc.option(ownKey("last_used", TIME, false), { nil: undefined }),
    fc.constantFrom("isolated", "shared").chain((mode) => {
      const values = [mode, `'${mode}'`, `"${mode}"`, `${mode} # mode`, `&m ${mode}`];
      const group = ownKey("context_group", GROUP, true);
      const continuity = ownKey("continuity_mode", ["standard", "'deeper'", '"deeper" # yes'], false);
      return fc.tuple(
        ownKey("context_mode", values, false),
        mode === "shared" ? group : fc.constant(undefined),
        mode === "shared" ? fc.option(continuity, { nil: undefined }) : fc.constant(undefined),
      );
    }),
  )
  .map(([created, used, policy]) => [created, used, ...policy].filter((key): key is Key => key !== undefined));

/** The lines of an account, indented; comments between keys stand at the keys' column. */
function accountLines(name: string, step: number): fc.Arbitrary<Line[]> {
  const pad = " ".repeat(step);
  const keys = fc.tuple(ownKeys, fc.subarray([...FOREIGN], { maxLength: 3 })).chain(([own, foreign]) => {
    return fc.shuffledSubarray([...own, ...foreign], { minLength: own.length + foreign.length });
  });
  return fc
    .tuple(keys, fc.array(comments, { minLength: 14, maxLength: 14 }), fc.constantFrom("", " # the account", " &acc"))
    .map(([all, between, after]) => {
      const anchor = after === " &acc" ? ` &acc_${name}` : after;
      const lines: Line[] = [{ text: `${pad}${name}:${anchor}`, of: name }];
      all.forEach(([key, texts], i) => {
        for (const text of between[i] ?? []) lines.push({ text: text === "" ? "" : `${pad}${pad}${text}`, of: name });
        for (const text of texts)
          lines.push({
            text:
              text === ""
                ? ""
                : `${pad}${pad}${text.replaceAll("&g ", `&g_${name} `).replaceAll("&m ", `&m_${name} `).replaceAll("&anchor", `&anchor_${name}`)}`,
            of: `${name}/${key}`,
          });
      });
      return lines;
    });
}

const section = fc.constantFrom(
  ["version: 12"],
  ["profiles: {}   # none"],
  ["profiles:", "    glm: { type: api ,x: [1,2] }", "    # end"],
  ["cliproxy:", " - a", " - 'b'"],
  ["text: |", "  accounts:", "    work: {}", ""],
  ["long: >", "  default: x", "", "  y", ""],
  ["# -----", "# a header", "", "other: 1"],
);

/** Configs as people and tools write them: comments, flow, folded text, anchors, CRLF, byte order marks, no last line ending. */
export const randomConfig: fc.Arbitrary<RandomConfig> = fc
  .record({
    eol: fc.constantFrom("\n", "\r\n"),
    start: fc.constantFrom("", "\ufeff"),
    last: fc.boolean(),
    marker: fc.constantFrom<readonly string[]>([], ["---"], ["# first"], ["%YAML 1.2", "---"]),
    before: fc.array(section, { maxLength: 2 }),
    after: fc.array(section, { maxLength: 2 }),
    names: fc.shuffledSubarray(["work", "home", "spare", "7", "Team.b"], { minLength: 1, maxLength: 3 }),
    step: fc.constantFrom(2, 4, 3, 1),
    head: fc.constantFrom("accounts:", "accounts:   # all", "'accounts':"),
    defaults: fc.constantFrom("before", "after", "none"),
  })
  .chain((shape) =>
    fc.tuple(fc.constant(shape), ...shape.names.map((name) => accountLines(name, shape.step))).map(([each, ...blocks]): RandomConfig => {
      const foreign = (sections: readonly (readonly string[])[], tag: string): Line[] =>
        sections.flatMap((lines, i) => lines.map((text) => ({ text: text.replace(/^([a-z]+):/, `$1_${tag}${i}:`), of: "" })));
      const chosen: Line[] = [{ text: `default: ${each.names[0] === "7" ? '"7"' : each.names[0]} # mine`, of: "default" }];
      const lines: Line[] = [
        ...each.marker.map((text) => ({ text, of: "" })),
        { text: "x_group: &shared_group team", of: "" },
        ...foreign(each.before, "b"),
        ...(each.defaults === "before" ? chosen : []),
        { text: each.head, of: "accounts" },
        ...blocks.flat(),
        ...(each.defaults === "after" ? chosen : []),
        ...foreign(each.after, "a"),
      ];
      const ending = each.last ? each.eol : "";
      const text = each.start + lines.map((line) => line.text).join(each.eol) + ending;
      return { text, lines, eol: each.eol, ending, accounts: each.names };
    }),
  );
