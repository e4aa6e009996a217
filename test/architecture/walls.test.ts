import { describe, expect, test } from "bun:test";
import { textsOfProject } from "./checkout.ts";
import { filesUnder, houseOf } from "./house.ts";
import { ROOMS, WALLS } from "./walls.ts";

const texts = textsOfProject();
const textOf = (path: string) => texts[path] ?? "";
const house = houseOf(
  Object.fromEntries(Object.entries(texts).filter(([path]) => /^(?:cli|shared|extension)\/.*\.[cm]?[jt]sx?$/.test(path))),
);

describe("the walls of the house", () => {
  test("every room a wall stands in front of is there", () => {
    expect(ROOMS.filter((room) => filesUnder(house, room).length === 0)).toEqual([]);
  });

  test("no import escapes the detector: it sees every one that Bun's own parser sees", () => {
    const parsers = { ts: new Bun.Transpiler({ loader: "ts" }), tsx: new Bun.Transpiler({ loader: "tsx" }) };
    // The parser itself adds what JSX becomes; which library that is, tsconfig.json says.
    const added = /^react(?:\/jsx-(?:dev-)?runtime)?$/;
    const missed = [...house.values()].flatMap((source) => {
      const seen = source.imports.map((imported) => imported.specifier);
      return parsers[source.path.endsWith("x") ? "tsx" : "ts"]
        .scanImports(textOf(source.path))
        .map((imported) => imported.path)
        .filter((path) => !seen.includes(path) && !added.test(path))
        .map((path) => `${source.path}: ${path}`);
    });
    expect(house.size).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  for (const wall of WALLS) {
    test(wall.holds, () => {
      expect(wall.breaches(house)).toEqual([]);
    });

    test(`a breach of this is seen: ${wall.holds}`, () => {
      expect(wall.planted.length).toBeGreaterThan(0);
      expect(wall.planted.filter((planted) => wall.breaches(houseOf(planted)).length !== 1)).toEqual([]);
    });

    test(`what is close to a breach is let through: ${wall.holds}`, () => {
      expect(wall.sound.flatMap((sound) => wall.breaches(houseOf(sound)))).toEqual([]);
    });
  }
});
