import { describe, expect, test } from "bun:test";
import { doctorHtml } from "../../../extension/doctor/html.ts";
import { placeOf, quietText, reportText, sectionsOf, shownOf, summaryOf, wishOf } from "../../../extension/doctor/model.ts";
import type { CheckResult } from "../../../shared/index.ts";

function check(name: string, over: Partial<CheckResult> = {}): CheckResult {
  return { id: name, name, subject: null, about: null, result: "ok", message: "fine", where: null, fix: null, ...over };
}

describe("the doctor's report", () => {
  test("puts what is said of one account or group together; a group may have an account's name", () => {
    const checks = [
      check("client"),
      check("links", { subject: "team", about: "account" }),
      check("set-aside", { subject: "team", about: "group" }),
      check("login", { subject: "team", about: "account" }),
    ];
    expect(sectionsOf(checks).map(({ title, checks }) => [title, checks.map(({ name }) => name)])).toEqual([
      ["ccs", ["client"]],
      ["team", ["links", "login"]],
      ["team (group)", ["set-aside"]],
    ]);
  });

  test("sums up what is wrong", () => {
    expect(summaryOf([check("a"), check("b", { result: "info" })])).toBe("No problems.");
    expect(summaryOf([check("a", { result: "error" }), check("b", { result: "warning" }), check("c", { result: "warning" })])).toBe(
      "1 error and 2 warnings.",
    );
  });

  test("keeps what nothing is wrong with out of the way of what something is wrong with", () => {
    const shown = shownOf([
      check("links", { subject: "work", about: "account", result: "error" }),
      check("login", { subject: "work", about: "account" }),
      check("links", { subject: "home", about: "account" }),
    ]);
    expect(shown.loud.map(({ title }) => title)).toEqual(["work"]);
    expect(shown.quiet.map(({ title }) => title)).toEqual(["home"]);
    expect(shown.quietTitle).toBe("All is well with");
  });

  test("does not say that all is well as long as a check had to be left out", () => {
    const left = check("links", { result: "skipped", message: "config.yaml has to be mended first" });
    expect(shownOf([left, check("a")])).toMatchObject({ summary: "No problems so far.", quietTitle: "Nothing found so far with" });
    expect(quietText([check("a"), check("b"), left])).toBe("2 checks found nothing, 1 was left out");
    expect(quietText([left, left])).toBe("2 checks were left out");
    expect(quietText([check("a")])).toBe("1 check found nothing");
  });

  test("offers to fix all only where something can be mended without a choice", () => {
    const choice = check("a", { result: "error", fix: { describes: [], command: "ccs auth edit work" } });
    expect(shownOf([choice]).mendable).toBe(false);
    expect(shownOf([choice, check("b", { fix: { describes: ["projects is linked anew."], command: "ccs doctor --fix" } })]).mendable).toBe(
      true,
    );
  });

  test("is copied with where and what mends it, and without e-mail addresses and tokens", () => {
    const text = reportText([
      check("login", {
        subject: "work",
        about: "account",
        result: "warning",
        message: "logged in as jane.doe+x@mail.example.com, not work",
        where: "/ccs/instances/work/.credentials.json",
        fix: { describes: [], command: "ccs auth login work" },
      }),
      check("environment", { result: "warning", message: `ANTHROPIC_API_KEY is sk-ant-api03-${"x".repeat(30)}` }),
      check("odd", { message: `it holds ${"A1b2".repeat(16)}` }),
    ]);
    expect(text).toContain("ccs doctor: 2 warnings.");
    expect(text).toContain("at /ccs/instances/work/.credentials.json");
    expect(text).toContain("ccs auth login work");
    expect(text).toContain("logged in as <e-mail>, not work");
    expect(text).not.toMatch(/jane|@|sk-ant|A1b2/);
  });
});

describe("a click on where it is", () => {
  const config = "/home/person/.ccs/config.yaml";

  test("opens the file at its line", () => {
    expect(placeOf("config.yaml:7:22", config)).toEqual({ path: config, line: 6, character: 21 });
    expect(placeOf("/ccs/config.yaml:3:1", config)).toEqual({ path: "/ccs/config.yaml", line: 2, character: 0 });
    expect(placeOf("/ccs/a:b/settings.json", config)).toEqual({ path: "/ccs/a:b/settings.json", line: 0, character: 0 });
    expect(placeOf("C:\\ccs\\config.yaml:3:1", config)).toEqual({ path: "C:\\ccs\\config.yaml", line: 2, character: 0 });
  });

  test("opens nothing where no file is named", () => {
    for (const where of ["", "PATH", "process 4711"]) expect(placeOf(where, config)).toBeNull();
  });
});

describe("the page", () => {
  test("asks for what it may ask for, and for nothing else", () => {
    for (const wish of ["ready", "refresh", "copy", "fix-all"] as const) expect(wishOf({ do: wish })).toEqual({ do: wish });
    expect(wishOf({ do: "fix", id: "links work", more: 1 })).toEqual({ do: "fix", id: "links work" });
    for (const other of [null, "fix", 7, {}, { do: "fix" }, { do: "open", where: 7 }, { do: "run", id: "x" }])
      expect(wishOf(other)).toBeNull();
  });

  test("holds its own script and style, and asks for nothing", () => {
    const html = doctorHtml({ script: 'let end = "</script>";', style: "p { margin: 0 }", nonce: "abc123" });
    expect(html).toContain(`content="default-src 'none'; style-src 'nonce-abc123'; script-src 'nonce-abc123'"`);
    expect(html).toContain('<style nonce="abc123">p { margin: 0 }</style>');
    expect(html).toContain('<script nonce="abc123">let end = "<\\/script>";</script>');
    expect(html).not.toMatch(/\b(?:src|href)=|\son\w+=|\sstyle=/);
  });
});
