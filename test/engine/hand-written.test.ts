import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { shape, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** Two shared accounts, deeper, with something in them. */
function settled(world: World): void {
  world.accounts("work", "home");
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
  put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
  for (const account of ["work", "home"]) world.change(account, deeper("team"));
}

/** Line and column of the first place a text stands, as editors count. */
function placeOf(config: string, needle: string): [line: number, column: number] {
  const at = config.indexOf(needle);
  const before = config.slice(0, at).split("\n");
  return [before.length, (before.at(-1) ?? "").length + 1];
}

describe("a policy typed by hand that does not parse", () => {
  for (const [from, to, allowed] of [
    ['context_mode: "shared"', 'context_mode: "Shared"', ['"isolated"', '"shared"']],
    ['continuity_mode: "deeper"', "continuity_mode: deep", ['"standard"', '"deeper"']],
    ['context_group: "team"', "context_group: 7", ["7"]],
    ['context_group: "team"', 'context_group: "../x"', ["letter"]],
    ['    context_group: "team"\n', "", ["context_group", "required"]],
    ['context_mode: "shared"', 'context_mode: "isolated"', ["continuity_mode"]],
  ] as const) {
    test(`${JSON.stringify(from)} as ${JSON.stringify(to)}: an error names file, line, column and what is allowed; links stay`, () => {
      using world = new World();
      settled(world);
      const config = world.editConfig((all) => all.replace(from, to));
      const before = shape(world.root);
      const errors = [
        refusal(() => world.mend("work")),
        refusal(() => world.mend("home")),
        refusal(() => world.preview("work", ISOLATED)),
        refusal(() => world.preview("home", standard("other"))),
        refusal(() => world.create("third", ISOLATED)),
        refusal(() => ccs.setDefault(world.home, "home")),
      ];
      for (const error of errors) {
        expect(error.code).toBe("config-invalid");
        expect(error.exit).toBe(2);
        expect(error.message).toMatch(/config\.yaml:\d+:\d+ /);
        for (const word of allowed) expect(error.message).toContain(word);
      }
      if (to.includes(": ") && !to.includes("isolated")) {
        const [line, column] = placeOf(config, to);
        expect(errors[0]?.where).toBe(`config.yaml:${line}:${column + to.indexOf(": ") + 2}`);
      }
      expect(ccs.touchLastUsed(world.home, "work", new Date())).toBe(false);
      const reported = ccs.showAccount(world.home, "work", 0);
      expect(reported).toMatchObject({ context: "invalid", policy: null, health: "error" });
      expect(shape(world.root)).toEqual(before);
    });
  }

  test("two mistakes are said at once", () => {
    using world = new World();
    settled(world);
    world.editConfig((all) =>
      all.replace('context_mode: "shared"', 'context_mode: "Shared"').replace('continuity_mode: "deeper"', "continuity_mode: deep"),
    );
    const { message } = refusal(() => world.mend("work"));
    expect(message).toContain('"Shared"');
    expect(message).toContain('"deep"');
  });

  test("the problem of one account is not said of another whose name begins the same way", () => {
    using world = new World();
    world.accounts("a", "a.b");
    world.editConfig((all) => all.replace(/(a\.b":[\s\S]*?)"isolated"/, '$1"Isolated"'));
    const errors = (account: string) => ccs.showAccount(world.home, account, 0).problems.filter((p) => p.health === "error").length;
    expect(errors("a.b")).toBe(1);
    expect(errors("a")).toBe(0);
  });
});

describe("config.yaml edited by hand", () => {
  test("to shared: a launch does what needs no choice", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.editConfig((all) => all.replace('context_mode: "isolated"', 'context_mode: shared\n    context_group: "  Team Alpha "'));
    expect(ccs.showAccount(world.home, "work", 0).health).toBe("error");
    world.mend("work");
    expect(text(world.shared("team-alpha", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team-alpha"));
  });

  test("from standard to deeper: a launch does it", () => {
    using world = new World();
    world.accounts("work");
    put(world.instance("work", "file-history", S, "x@v1"), "v1");
    world.join("work");
    world.editConfig((all) => all.replace('"standard"', '"deeper"'));
    world.mend("work");
    expect(text(world.deep("team", "file-history", S, "x@v1"))).toBe("v1");
  });

  for (const [what, edit] of [
    ["isolated", (all: string) => all.replace(/context_mode: "shared"\n.*\n.*\n/, 'context_mode: "isolated"\n')],
    ["another group", (all: string) => all.replace('context_group: "team"', 'context_group: "other"')],
    ["standard", (all: string) => all.replace('"deeper"', '"standard"')],
  ] as const) {
    test(`to ${what}, which leaves something: a launch stops, names the command, and that command works`, () => {
      using world = new World();
      settled(world);
      world.editConfig(edit);
      const before = snapshot(world.home.instances);
      const error = refusal(() => world.mend("work"));
      expect(error.code).toBe("refused");
      expect(error.hint).toContain("ccs auth edit work");
      expect(snapshot(world.home.instances)).toEqual(before);
      const policy = world.policy("work");
      if (policy === null || policy === undefined) throw new Error("the policy does not parse");
      world.change("work", policy);
      expect(world.policy("work")).toEqual(policy);
      world.mend("work");
      expect(ccs.showAccount(world.home, "work", 0).problems.filter((p) => p.health === "error")).toEqual([]);
      const projects = policy.mode === "isolated" ? world.own("work") : world.shared(policy.group);
      expect(names(`${projects}/-p`)).toContain(`${S}.jsonl`);
    });
  }

  test("everything else in config.yaml survives a change byte for byte", () => {
    using world = new World();
    world.accounts("work", "home");
    const mine = [
      "# my accounts",
      "version:   7",
      "cliproxy: { port: 8317,   keys: [ a,b ] } # flow",
      "note: >-",
      "  folded",
      "    text",
      "accounts:",
      "  home: # the private one",
      '    created: "2026-02-24T00:00:00.000Z"',
      "    colour:  green   # unknown to ccs",
      "    context_mode: isolated",
      "  work: {created: '2026-02-24T00:00:00.000Z', last_used: null, extra: [1,  2]}",
      "default:   home   # mine",
      "",
    ].join("\n");
    fs.writeFileSync(world.home.config, mine);
    world.join("home");
    world.leave("home");
    expect(text(world.home.config)).toBe(mine);
    expect(fs.statSync(world.home.config).mode & 0o777).toBe(0o600);
  });

  test("a config.yaml that is a link is edited where it leads, or refused: the link stays", () => {
    using world = new World();
    world.accounts("work");
    const real = `${world.root}/dotfiles.yaml`;
    fs.renameSync(world.home.config, real);
    fs.symlinkSync(real, world.home.config);
    try {
      world.join("work");
      expect(text(real)).toContain('"team"');
    } catch (error) {
      if (!(error instanceof ccs.CcsError)) throw error;
      expect(world.policy("work")).toEqual(ISOLATED);
    }
    expect(fs.lstatSync(world.home.config).isSymbolicLink()).toBe(true);
  });

  test("bytes in config.yaml that are not UTF-8 are not replaced", () => {
    using world = new World();
    world.accounts("work");
    const odd = Buffer.concat([Buffer.from("# caf"), Buffer.from([0xe9]), Buffer.from("\n"), fs.readFileSync(world.home.config)]);
    fs.writeFileSync(world.home.config, odd);
    try {
      world.join("work");
    } catch (error) {
      expect(error).toBeInstanceOf(ccs.CcsError);
    }
    expect(fs.readFileSync(world.home.config).includes(odd.subarray(0, 7))).toBe(true);
  });
});
