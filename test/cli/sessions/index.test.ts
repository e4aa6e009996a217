import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makePerson, type Person } from "../../support/person.ts";
import { ids, listed, signIn, talk } from "./support/talk.ts";

let person: Person;
let place: string;
beforeEach(async () => {
  person = makePerson();
  place = join(person.ccsDir, "shared/session-index/team");
  await person.must("auth", "create", "work", "--context-group", "team", "--no-login");
});
afterEach(() => person.close());

/** Everything under the directory of ccs, with when it was last changed. */
function times(directory: string): Record<string, number> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => [name, statSync(join(directory, name)).mtimeMs]),
  );
}

async function transcriptOf(id: string): Promise<string> {
  return (await listed(person)).sessions.find((session) => session.id === id)?.transcript ?? "";
}

const said = (text: string) =>
  `${JSON.stringify({ type: "user", timestamp: "2026-10-06T12:00:00.000Z", message: { role: "user", content: text } })}\n`;

describe("the index of sessions", () => {
  test("lies beside the groups, an isolated account's in the state of ccs, readable by their owner alone, and nothing else is changed", async () => {
    await person.must("auth", "create", "solo", "--no-login");
    talk(person, "work", { said: ["a", "b"] });
    talk(person, "solo", { said: ["a", "b"] });
    const before = Object.keys(times(person.ccsDir));
    await person.must("sessions", "a");
    const made = Object.keys(times(person.ccsDir)).filter((name) => !before.includes(name));
    const directories = ["shared/session-index", "shared/session-index/team", "state/session-index", "state/session-index/solo"];
    expect(made.sort()).toEqual(
      [...directories, "shared/session-index/team/base", "state/session-index/solo/base", "state/launch.json"].sort(),
    );
    for (const name of made) expect(statSync(join(person.ccsDir, name)).mode & 0o077).toBe(0);
  });

  test("holds no credential, and nothing a tool gave back", async () => {
    signIn(person, "work", "uuid-work");
    const result = { type: "user", message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "toolnoise" }] } };
    talk(person, "work", { said: ["hello", "Yes."], between: [result], accountUuid: "uuid-work" });
    await person.must("sessions");
    const index = readFileSync(join(place, "base"), "utf8");
    expect(index).toContain("hello");
    expect(index).not.toContain("token-of-work");
    expect(index).not.toContain("toolnoise");
  });

  test("is not written where nothing changed", async () => {
    talk(person, "work", { said: ["a", "b"] });
    await person.must("sessions");
    const before = times(person.ccsDir);
    expect(await ids(person, "a")).toHaveLength(1);
    expect(times(person.ccsDir)).toEqual(before);
  });

  test("follows a transcript that grows, one that is new, one that is replaced and one that goes, without being made anew", async () => {
    const grows = talk(person, "work", { said: ["first words", "Yes."] });
    const goes = talk(person, "work", { said: ["doomed words", "Yes."] });
    const replaced = talk(person, "work", { said: ["older words", "Yes."] });
    await person.must("sessions");
    const base = readFileSync(join(place, "base"));

    appendFileSync(await transcriptOf(grows), said("a walrus"));
    expect(await ids(person, "walrus")).toEqual([grows]);
    expect((await listed(person, "walrus")).sessions[0]).toMatchObject({ turns: 2, last: "2026-10-06T12:00:00.000Z" });

    const fresh = talk(person, "work", { said: ["a fresh walrus", "Yes."], at: "2026-10-07T12:00:00.000Z" });
    expect(await ids(person, "walrus")).toEqual([fresh, grows]);

    // The same size and the same time: only the inode is another.
    const path = await transcriptOf(replaced);
    const { mtime } = statSync(path);
    writeFileSync(`${path}.new`, readFileSync(path, "utf8").replace("older", "newer"));
    utimesSync(`${path}.new`, mtime, mtime);
    renameSync(`${path}.new`, path);
    expect(await ids(person, "newer")).toEqual([replaced]);
    expect(await ids(person, "older")).toEqual([]);

    rmSync(await transcriptOf(goes));
    expect(await ids(person, "doomed")).toEqual([]);
    expect((await listed(person)).total).toBe(3);
    expect(readFileSync(join(place, "base")).equals(base)).toBe(true);
  });

  for (const file of ["base", "recent"] as const) {
    for (const [how, spoil] of [
      ["torn", (path: string) => truncateSync(path, statSync(path).size - 7)],
      ["empty", (path: string) => truncateSync(path, 0)],
      ["full of zeros", (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
      ["somebody else's", (path: string) => writeFileSync(path, "{}\n")],
      ["longer than it says", (path: string) => appendFileSync(path, "more")],
    ] as const) {
      test(`is made anew where ${file} is ${how}`, async () => {
        const a = talk(person, "work", { said: ["the walrus", "Yes."] });
        await person.must("sessions");
        const b = talk(person, "work", { said: ["walrus again", "Yes."], at: "2026-10-07T12:00:00.000Z" });
        await person.must("sessions");
        spoil(join(place, file));
        expect(await ids(person, "walrus")).toEqual([b, a]);
        const before = times(place);
        expect(await ids(person, "walrus")).toEqual([b, a]);
        expect(times(place)).toEqual(before);
      });
    }
  }

  test("of another history under the same name is not believed", async () => {
    const id = talk(person, "work", { said: ["the walrus", "Yes."] });
    await person.must("sessions");
    await person.must("auth", "create", "other", "--context-group", "crew", "--no-login");
    renameSync(place, join(person.ccsDir, "shared/session-index/crew"));
    expect(await ids(person, "walrus")).toEqual([id]);
    expect(await ids(person, "--group", "crew")).toEqual([]);
  });

  test("that cannot be written only costs time", async () => {
    const id = talk(person, "work", { said: ["the walrus", "Yes."] });
    writeFileSync(join(person.ccsDir, "shared/session-index"), "in the way");
    for (let n = 0; n < 2; n++) expect(await ids(person, "walrus")).toEqual([id]);
    expect(readFileSync(join(person.ccsDir, "shared/session-index"), "utf8")).toBe("in the way");
  });

  test("is whole after many have brought it up to date at once, and each of them answered right", async () => {
    for (let n = 0; n < 40; n++) talk(person, "work", { said: [`number ${n}`, "walrus"] });
    const all = await Promise.all(Array.from({ length: 6 }, () => ids(person, "walrus")));
    for (const found of all) expect(found).toHaveLength(40);
    for (let n = 0; n < 5; n++) talk(person, "work", { said: [`more ${n}`, "walrus"] });
    const again = await Promise.all(Array.from({ length: 6 }, () => ids(person, "walrus")));
    for (const found of again) expect(found).toHaveLength(45);
    expect(await ids(person, "walrus")).toHaveLength(45);
    expect(readdirSync(place).sort()).toEqual(["base", "recent"]);
  });

  test("goes with its history: an account that is no more leaves none of its words", async () => {
    await person.must("auth", "create", "solo", "--no-login");
    talk(person, "solo", { said: ["secret", "Yes."] });
    await person.must("sessions");
    const own = join(person.ccsDir, "state/session-index/solo");
    expect(existsSync(own)).toBe(true);
    const config = readFileSync(person.config, "utf8");
    writeFileSync(person.config, config.replace(/ {2}solo:\n(?: {4}.*\n)*/, ""));
    await person.must("sessions");
    expect(existsSync(own)).toBe(false);
  });
});
