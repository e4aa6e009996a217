import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import * as ccs from "../../shared/index.ts";
import { runClient } from "./support/client.ts";
import { blocker, deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** The four rules a shared account of this group needs. */
function rules(world: World, group = "team"): string[] {
  return [
    `Edit(/${world.home.instances}/*/projects/*/memory/**)`,
    `Read(/${world.home.instances}/*/projects/**)`,
    `Edit(/${ccs.groupOf(world.home, group)}/projects/*/memory/**)`,
    `Read(/${ccs.groupOf(world.home, group)}/projects/**)`,
  ];
}

function settings(world: World, account: string): string {
  return world.instance(account, "settings.json");
}

/** `permissions.allow` of an account's settings, comments left out. */
function allow(world: World, account: string): string[] {
  const value = parse(text(settings(world, account)).replace(/^\uFEFF/, ""), [], { allowTrailingComma: true }) as {
    permissions?: { allow?: string[] };
  };
  return value.permissions?.allow ?? [];
}

describe("permission rules", () => {
  test("are added on joining, each once, and taken out on leaving", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    expect(allow(world, "work").sort()).toEqual(rules(world).sort());
    world.change("work", deeper("team"));
    expect(allow(world, "work").sort()).toEqual(rules(world).sort());
    world.leave("work");
    expect(allow(world, "work")).toEqual([]);
  });

  test("follow the account to another group", () => {
    using world = new World();
    world.accounts("work");
    world.join("work", "one");
    world.join("work", "two");
    expect(allow(world, "work").sort()).toEqual(rules(world, "two").sort());
  });

  for (const [what, before] of [
    ["plain", '{\n  "permissions": {\n    "allow": [\n      "Bash(ls)"\n    ]\n  }\n}\n'],
    [
      "with comments and commas at the end",
      '{\n  // mine\n  "model": "opus", /* why not */\n  "permissions": {\n    "deny": [ "Bash(rm)" ],\n    "allow": [\n      "Bash(ls)", // often\n      "Bash(cat)" // also\n    ],\n  },\n}\n',
    ],
    ["with tabs and CRLF", '{\r\n\t"permissions": {\r\n\t\t"allow": [\r\n\t\t\t"Bash(ls)"\r\n\t\t]\r\n\t},\r\n\t"x": [1,2,  3]\r\n}\r\n'],
    ["with a comma after the last rule", '{\n  "permissions": {\n    "allow": [\n      "Bash(ls)",\n    ]\n  }\n}\n'],
    ["with an empty list of rules", '{\n  "permissions": {\n    "allow": []\n  }\n}\n'],
  ] as const) {
    test(`a settings file ${what} that had rules of its own is, after leaving, what it was byte for byte`, () => {
      using world = new World();
      world.accounts("work");
      put(settings(world, "work"), before, 0o640);
      const own = allow(world, "work");
      world.join("work");
      expect(allow(world, "work")).toEqual([...own, ...rules(world)]);
      world.leave("work");
      expect(text(settings(world, "work"))).toBe(before);
      expect(fs.statSync(settings(world, "work")).mode & 0o777).toBe(0o640);
    });
  }

  for (const before of [
    '{"permissions":{"allow":["Bash(ls)"]},"model":"opus"}',
    '\uFEFF{\n    "permissions": { "allow": ["Bash(ls)"] },\n    "env": {"A":"b"}\n}',
  ]) {
    test(`rules written on one line say after leaving what they said before: ${JSON.stringify(before)}`, () => {
      using world = new World();
      world.accounts("work");
      put(settings(world, "work"), before);
      world.join("work");
      world.leave("work");
      const after = text(settings(world, "work"));
      expect(parse(after.replace(/^\uFEFF/, ""))).toEqual(parse(before.replace(/^\uFEFF/, "")));
      expect(after.startsWith("\uFEFF")).toBe(before.startsWith("\uFEFF"));
    });
  }

  test("while shared, comments, a byte order mark, line ends and tabs are kept", () => {
    using world = new World();
    world.accounts("work");
    put(settings(world, "work"), '\uFEFF{\r\n\t// mine\r\n\t"model": "opus"\r\n}\r\n');
    world.join("work");
    const after = text(settings(world, "work"));
    expect(after.startsWith('\uFEFF{\r\n\t// mine\r\n\t"model": "opus"')).toBe(true);
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
    expect(after).toContain('\r\n\t"permissions": {\r\n\t\t"allow": [\r\n\t\t\t"');
  });

  test("a rule the person already had is not ours and stays on leaving", () => {
    using world = new World();
    world.accounts("work");
    const [first] = rules(world) as [string];
    put(settings(world, "work"), JSON.stringify({ permissions: { allow: [first, "Bash(ls)"] } }));
    world.join("work");
    expect(allow(world, "work").filter((rule) => rule === first)).toHaveLength(1);
    world.leave("work");
    expect(allow(world, "work")).toEqual([first, "Bash(ls)"]);
  });

  test("a rule the person took out and later wrote in by hand is theirs, not ours", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    put(settings(world, "work"), "{}");
    world.leave("work");
    const [first] = rules(world) as [string];
    put(settings(world, "work"), JSON.stringify({ permissions: { allow: [first] } }));
    world.join("work");
    world.leave("work");
    expect(allow(world, "work")).toEqual([first]);
  });

  test("a rule the person took out while shared is put back at the next launch", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    put(settings(world, "work"), '{\n  "model": "opus"\n}\n');
    world.mend("work");
    expect(allow(world, "work").sort()).toEqual(rules(world).sort());
    expect(text(settings(world, "work"))).toContain('"model": "opus"');
  });

  test("bytes of a settings file that are not UTF-8 stay what they are", () => {
    using world = new World();
    world.accounts("work");
    const odd = Buffer.concat([Buffer.from("{\n  // caf"), Buffer.from([0xe9]), Buffer.from('\n  "model": "x"\n}\n')]);
    put(settings(world, "work"), odd);
    try {
      world.join("work");
    } catch (error) {
      expect(error).toBeInstanceOf(ccs.CcsError);
    }
    expect(fs.readFileSync(settings(world, "work")).includes(odd.subarray(0, 11))).toBe(true);
  });

  for (const [what, content, where] of [
    ["does not parse", '{\n  "a": 1,\n  oops\n}', "3:3"],
    ["is not an object", "[]", "settings.json"],
    ["has permissions that are no object", '{"permissions": []}', "settings.json"],
    ["has a list of rules that is no list", '{"permissions": {"allow": "x"}}', "settings.json"],
    ["has nothing where the rules should be", '{"permissions": {"allow": null}}', "settings.json"],
    ["has nothing where the permissions should be", '{"permissions": null}', "settings.json"],
  ] as const) {
    test(`a settings file that ${what}: joining is refused before anything changes, or works`, () => {
      using world = new World();
      world.accounts("work");
      put(settings(world, "work"), content);
      put(world.own("work", "-p", "x"), "x");
      try {
        world.join("work");
        expect(allow(world, "work").sort()).toEqual(rules(world).sort());
      } catch (error) {
        if (!(error instanceof ccs.CcsError)) throw error;
        expect(error.code).toBe("refused");
        expect(error.where).toContain(where);
        expect(text(settings(world, "work"))).toBe(content);
        expect(fs.lstatSync(world.own("work")).isDirectory()).toBe(true);
        expect(world.policy("work")).toEqual(ISOLATED);
        expect(world.unfinished()).toEqual([]);
      }
    });
  }

  test("paths with characters a rule would read as a pattern are escaped", () => {
    using above = new World();
    const odd = join(above.root, "a [b] * c");
    fs.mkdirSync(odd);
    using world = new World(odd);
    world.accounts("work");
    world.join("work");
    for (const rule of allow(world, "work")) expect(rule).toContain("/a \\[b\\] \\* c/");
    world.leave("work");
    expect(allow(world, "work")).toEqual([]);
  });
});

describe("retention", () => {
  const days = (world: World, account: string) =>
    (JSON.parse(text(settings(world, account))) as { cleanupPeriodDays?: number }).cleanupPeriodDays;

  test("is raised to the longest in the group for every member, said in the report, and never lowered", () => {
    using world = new World();
    world.accounts("work", "home", "long");
    put(settings(world, "work"), '{"cleanupPeriodDays": 7}');
    put(settings(world, "long"), '{"cleanupPeriodDays": 365}');
    world.join("work");
    expect(days(world, "work")).toBe(7);
    const second = world.join("home");
    expect(days(world, "work")).toBe(30);
    expect(second.summary.retention).toEqual([{ account: "work", from: 7, to: 30 }]);
    expect(second.sentences.join("\n")).toContain("Retention of work rises from 7 to 30 days");
    world.join("long");
    for (const account of ["work", "home", "long"]) expect(days(world, account)).toBe(365);
    for (const account of ["long", "home", "work"]) world.leave(account);
    for (const account of ["work", "home", "long"]) expect(days(world, account)).toBe(365);
  });

  for (const value of ['"forever"', "0", "-1", "2.5", "null"]) {
    test(`${value} is no value the client takes: it counts as none`, () => {
      using world = new World();
      world.accounts("work", "long");
      put(settings(world, "work"), `{"cleanupPeriodDays": ${value}}`);
      put(settings(world, "long"), '{"cleanupPeriodDays": 90}');
      world.join("work");
      world.join("long");
      expect(days(world, "work")).toBe(90);
    });
  }

  test("a join waits while a running client of the account has a shorter one", () => {
    using world = new World();
    world.accounts("work", "long");
    put(settings(world, "long"), '{"cleanupPeriodDays": 365}');
    world.join("long");
    put(world.own("work", "-p", "x"), "x");
    using client = runClient(world.home, "work");
    const preview = world.preview("work", standard("team"));
    expect(blocker(preview)).toMatchObject({ code: "busy" });
    expect(blocker(preview).message).toContain(String(client.pid));
    expect(refusal(() => ccs.applyChange(world.home, preview, { approved: true })).exit).toBe(75);
    expect(fs.existsSync(settings(world, "work"))).toBe(false);
    expect(world.policy("work")).toEqual(ISOLATED);
  });

  test("what a member wrote shorter by hand later is raised again at its next launch", () => {
    using world = new World();
    world.accounts("work", "home");
    put(settings(world, "work"), '{"cleanupPeriodDays": 90}');
    world.join("work");
    world.join("home");
    put(settings(world, "home"), text(settings(world, "home")).replace("90", "1"));
    world.mend("home");
    expect(days(world, "home")).toBe(90);
  });
});

describe("settings.json that is a link", () => {
  function linked(world: World, account: string): string {
    const target = put(join(world.root, "dotfiles", "settings.json"), '{\n  "model": "opus"\n}\n');
    fs.symlinkSync(target, settings(world, account));
    return target;
  }

  test("joining stops, names the lines to add, and changes nothing", () => {
    using world = new World();
    world.accounts("work");
    const target = linked(world, "work");
    const preview = world.preview("work", standard("team"));
    expect(blocker(preview).code).toBe("refused");
    for (const rule of rules(world)) expect(blocker(preview).message).toContain(rule);
    refusal(() => ccs.applyChange(world.home, preview, { approved: true }));
    expect(text(target)).toBe('{\n  "model": "opus"\n}\n');
    expect(fs.lstatSync(settings(world, "work")).isSymbolicLink()).toBe(true);
    expect(fs.existsSync(world.own("work"))).toBe(false);
  });

  test("with the person's word a real copy takes its place; the file it led to is not touched", () => {
    using world = new World();
    world.accounts("work");
    const target = linked(world, "work");
    world.change("work", standard("team"), { copySettings: true });
    expect(fs.lstatSync(settings(world, "work")).isFile()).toBe(true);
    expect(text(settings(world, "work"))).toContain('"model": "opus"');
    expect(allow(world, "work").sort()).toEqual(rules(world).sort());
    expect(text(target)).toBe('{\n  "model": "opus"\n}\n');
    expect(names(world.home.staging)).toEqual([]);
  });

  test("joining works without a copy where the file behind the link has the lines already", () => {
    using world = new World();
    world.accounts("work");
    const target = linked(world, "work");
    put(target, JSON.stringify({ permissions: { allow: rules(world) } }));
    world.join("work");
    expect(fs.lstatSync(settings(world, "work")).isSymbolicLink()).toBe(true);
    world.leave("work");
    expect(text(target)).toBe(JSON.stringify({ permissions: { allow: rules(world) } }));
  });

  test("a member whose settings are a link is told, and its file is not edited, when another joins with a longer retention", () => {
    using world = new World();
    world.accounts("work", "long");
    const target = linked(world, "work");
    put(target, JSON.stringify({ permissions: { allow: rules(world) } }));
    world.join("work");
    put(settings(world, "long"), '{"cleanupPeriodDays": 365}');
    const report = world.join("long");
    expect(text(target)).toBe(JSON.stringify({ permissions: { allow: rules(world) } }));
    expect(report.sentences.join("\n")).toContain("cleanupPeriodDays: 365");
  });

  test("a dangling one is replaced like any other, with the person's word", () => {
    using world = new World();
    world.accounts("work");
    fs.symlinkSync(join(world.root, "nowhere.json"), settings(world, "work"));
    expect(blocker(world.preview("work", standard("team"))).code).toBe("refused");
    world.change("work", standard("team"), { copySettings: true });
    expect(allow(world, "work").sort()).toEqual(rules(world).sort());
    expect(fs.existsSync(join(world.root, "nowhere.json"))).toBe(false);
  });
});
