import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { openTerminal, type Terminal } from "../real-client/support/terminal.ts";
import { BINARY } from "../support/binary.ts";
import { type Ended, ended, makePerson, type Person } from "../support/person.ts";

/** The program is a hundred megabytes, and every copy is flushed: in memory that takes no time. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : undefined;

let person: Person;
let env: Record<string, string>;
const terminals: Terminal[] = [];
beforeEach(() => {
  person = makePerson(MEMORY);
  // The shells there are, whatever the machine has, are these two; no package that finds completions by itself is put to use.
  env = { SHELL: "/bin/bash", PATH: shells("bash", "zsh") };
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close();
  await person.close();
});

/** A PATH with stand-ins for shells, and nothing else. */
function shells(...names: string[]): string {
  const bin = join(person.root, "bin");
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  for (const name of names) writeFileSync(join(bin, name), "#!/bin/sh\n", { mode: 0o755 });
  return bin;
}

const at = (path: string) => join(person.home, path);
const program = () => at(".local/bin/ccs");
const install = (...flags: string[]) => person.ccs(["install", ...flags], { env });
const uninstall = () => person.ccs(["uninstall", "--yes"], { env });

/** Everything under the home directory; the program by its size. */
function files(): Record<string, string> {
  const found = Object.entries(person.tree()).filter(([path]) => path.startsWith("home/"));
  const inside = found.filter(([path]) => path !== "home/");
  return Object.fromEntries(inside.map(([path, content]) => [path.slice(5), path.endsWith("bin/ccs") ? `${content.length}` : content]));
}

async function mustInstall(): Promise<Ended> {
  const done = await install("--yes");
  expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: "" });
  return done;
}

describe("ccs install", () => {
  test("puts the program, completions and the manual page in their places, and says each", async () => {
    writeFileSync(at(".bashrc"), "# mine\n");
    const { stdout } = await mustInstall();
    expect(readFileSync(program()).equals(readFileSync(BINARY))).toBe(true);
    expect(statSync(program()).mode & 0o777).toBe(0o755);
    const names = Object.keys(files()).filter((path) => !path.endsWith("/"));
    expect(names.sort()).toEqual([
      ".bashrc",
      ".local/bin/ccs",
      ".local/share/bash-completion/completions/ccs",
      ".local/share/ccs/completions/_ccs",
      ".local/share/man/man1/ccs.1",
    ]);
    for (const name of names) expect(stdout).toContain(at(name));
    expect(stdout).toContain("Once there is one: ccs install");
    expect(stdout).toContain(`${at(".local/bin")} is not on PATH`);
  });

  test("again changes nothing and says so; what an older one wrote it renews", async () => {
    writeFileSync(at(".bashrc"), "# mine\n");
    await mustInstall();
    const before = person.tree();
    expect((await mustInstall()).stdout).toStartWith(`Everything is installed already: ${program()}\n`);
    expect(person.tree()).toEqual(before);

    const record = join(person.ccsDir, "state/installed.json");
    const page = at(".local/share/man/man1/ccs.1");
    writeFileSync(page, "an older page\n");
    const digest = new Bun.CryptoHasher("sha256").update("an older page\n").digest("hex");
    const known = JSON.parse(readFileSync(record, "utf8")) as { files: Record<string, string[]> };
    known.files[page] = [digest];
    writeFileSync(record, JSON.stringify(known));
    await mustInstall();
    expect(readFileSync(page, "utf8")).toBe(readFileSync("docs/ccs.1", "utf8"));
  });

  test("with --dry-run says what it would do and writes nothing; with --json as an object, and nothing else", async () => {
    const before = person.tree();
    const { code, stdout, stderr } = await install("--dry-run");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${program()} is written`);
    const dry = JSON.parse((await install("--dry-run", "--json")).stdout);
    expect(dry).toMatchObject({ version: 1, applicable: true });
    expect(dry.sentences).toHaveLength(5);
    expect(person.tree()).toEqual(before);
    const done = JSON.parse((await install("--yes", "--json")).stdout);
    expect(done).toMatchObject({ version: 1, program: program(), sentences: dry.sentences });
    expect(dry.left.length).toBeGreaterThan(0);
    for (const { message, hint } of [...dry.left, ...done.left]) expect([typeof message, typeof hint]).toEqual(["string", "string"]);
    expect(JSON.parse((await install("--yes", "--json")).stdout).sentences).toEqual([]);
  });

  test("without a terminal asks nobody, and changes nothing without --yes", async () => {
    const before = person.tree();
    const { code, stdout, stderr } = await install();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--yes");
    expect(person.tree()).toEqual(before);
  });

  test("on a terminal shows what it does and asks: a no changes nothing, a yes does it", async () => {
    env["PATH"] = `${env["PATH"]}:${process.env["PATH"]}`;
    const before = files();
    const refusing = person.terminal(["install"], { env, columns: 80 });
    await refusing.until("Install?");
    refusing.type("n");
    expect((await ended(refusing)).code).toBe(130);
    expect(files()).toEqual(before);
    const agreeing = person.terminal(["install"], { env, columns: 80 });
    await agreeing.until("Install?");
    agreeing.type("y");
    const { code, screen } = await ended(agreeing);
    expect(code).toBe(0);
    expect(screen).toContain("Installed:");
    expect(existsSync(program())).toBe(true);
  });
});

describe("what is somebody else's, ccs install leaves", () => {
  const THEIRS: Readonly<Record<string, (path: string) => void>> = {
    "a file": (path) => writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 }),
    "a link to another program": (path) => symlinkSync("/bin/sh", path),
    "a link that leads nowhere": (path) => symlinkSync("/nowhere", path),
    "a directory": (path) => mkdirSync(path),
    "a FIFO": (path) => void spawnSync("mkfifo", [path]),
  };
  for (const [what, make] of Object.entries(THEIRS)) {
    test(`${what} in the program's place is refused before anything changes`, async () => {
      mkdirSync(dirname(program()), { recursive: true });
      make(program());
      const before = lstatSync(program(), { bigint: true });
      const { code, stderr } = await install("--yes");
      expect(code).toBe(1);
      expect(stderr).toContain(`mv ${program()} ${program()}.old`);
      const after = lstatSync(program(), { bigint: true });
      expect([after.ino, after.mode, after.mtimeNs]).toEqual([before.ino, before.mode, before.mtimeNs]);
      expect(existsSync(at(".local/share"))).toBe(false);
      expect(existsSync(join(person.ccsDir, "state/installed.json"))).toBe(false);
      expect((await uninstall()).code).toBe(0);
      expect(lstatSync(program(), { bigint: true }).ino).toBe(before.ino);
    });
  }

  test("in the places of completions and of the manual page stays, the rest is installed, and uninstalling leaves it", async () => {
    env["PATH"] = shells("bash", "zsh", "fish", "pwsh");
    const places = [
      ".local/share/bash-completion/completions/ccs",
      ".local/share/ccs/completions/_ccs",
      ".config/fish/completions/ccs.fish",
      ".local/share/ccs/completions/ccs.ps1",
      ".local/share/man/man1/ccs.1",
    ].map(at);
    for (const [n, make] of Object.values(THEIRS).entries()) {
      mkdirSync(dirname(places[n] as string), { recursive: true });
      make(places[n] as string);
    }
    const seen = () => places.map((path) => lstatSync(path, { bigint: true })).map(({ ino, mode, mtimeNs }) => [ino, mode, mtimeNs]);
    const before = seen();
    const { stdout } = await mustInstall();
    for (const path of places) expect(stdout).toContain(`${path} is not of ccs, and stays as it is`);
    expect(existsSync(program())).toBe(true);
    expect((await uninstall()).code).toBe(0);
    expect(seen()).toEqual(before);
    expect(existsSync(program())).toBe(false);
  });

  test("a program that was changed since stays when uninstalling, which says so", async () => {
    await mustInstall();
    writeFileSync(program(), "#!/bin/sh\necho mine\n");
    const { code, stdout } = await uninstall();
    expect(code).toBe(0);
    expect(stdout).toContain(`${program()} is not as it was installed, and stays.`);
    expect(readFileSync(program(), "utf8")).toContain("mine");
  });

  for (const [what, make] of [
    ["a file", (path: string) => writeFileSync(path, "x")],
    ["a link that leads nowhere", (path: string) => symlinkSync("/nowhere", path)],
  ] as const) {
    test(`${what} where a directory has to be is named, and nothing is written`, async () => {
      mkdirSync(at(".local"));
      make(at(".local/bin"));
      const before = files();
      const { code, stderr } = await install("--yes");
      expect(code).toBe(1);
      expect(stderr).toContain(`${at(".local/bin")} is no directory`);
      expect(files()).toEqual(before);
    });
  }
});

describe("the line in a startup file", () => {
  const BASHRC = {
    "that ends with a newline": "# mine\nalias x=y\n",
    "without a newline at its end": "# mine\nalias x=y",
    "with CRLF": "# mine\r\nalias x=y\r\n",
    "with CRLF, without one at its end": "# mine\r\nalias x=y",
    "that is empty": "",
  };
  for (const [what, text] of Object.entries(BASHRC)) {
    test(`goes at the end of one ${what}, once, and comes out again without a trace`, async () => {
      writeFileSync(at(".bashrc"), text, { mode: 0o640 });
      await mustInstall();
      const with_ = readFileSync(at(".bashrc"), "utf8");
      expect(with_.startsWith(text)).toBe(true);
      expect(with_.match(/# ccs install\r?\n/g)).toHaveLength(1);
      expect(
        with_.slice(0, text.length) +
          with_
            .slice(text.length)
            .trimStart()
            .replace(/.*\r?\n$/, ""),
      ).toBe(text);
      expect(statSync(at(".bashrc")).mode & 0o777).toBe(0o640);
      await mustInstall();
      expect(readFileSync(at(".bashrc"), "utf8")).toBe(with_);
      expect((await uninstall()).code).toBe(0);
      expect(readFileSync(at(".bashrc"), "utf8")).toBe(text);
      expect(statSync(at(".bashrc")).mode & 0o777).toBe(0o640);
    });
  }

  test("keeps what a person wrote behind it since", async () => {
    writeFileSync(at(".bashrc"), "# mine");
    await mustInstall();
    writeFileSync(at(".bashrc"), `${readFileSync(at(".bashrc"), "utf8")}alias later=x\n`);
    expect((await uninstall()).code).toBe(0);
    expect(readFileSync(at(".bashrc"), "utf8")).toBe("# mine\nalias later=x\n");
  });

  test("makes the file of the login shell where there is none, which goes again if nobody wrote into it", async () => {
    env["SHELL"] = "/usr/bin/zsh";
    await mustInstall();
    expect(existsSync(at(".bashrc"))).toBe(false);
    expect(readFileSync(at(".zshrc"), "utf8")).toMatch(/^.*# ccs install\n$/);
    expect((await uninstall()).code).toBe(0);
    expect(existsSync(at(".zshrc"))).toBe(false);
  });

  test("goes through a link into the file that a dotfile manager keeps, whose mode and link stay", async () => {
    mkdirSync(at("dotfiles"));
    writeFileSync(at("dotfiles/bashrc"), "# mine\n", { mode: 0o600 });
    symlinkSync("dotfiles/bashrc", at(".bashrc"));
    await mustInstall();
    expect(readlinkSync(at(".bashrc"))).toBe("dotfiles/bashrc");
    expect(readFileSync(at("dotfiles/bashrc"), "utf8")).toContain("# ccs install\n");
    expect(statSync(at("dotfiles/bashrc")).mode & 0o777).toBe(0o600);
    expect((await uninstall()).code).toBe(0);
    expect(readFileSync(at("dotfiles/bashrc"), "utf8")).toBe("# mine\n");
    expect(statSync(at("dotfiles/bashrc")).mode & 0o777).toBe(0o600);
  });

  const CLOSED: Readonly<Record<string, (path: string) => void>> = {
    "read-only": (path) => {
      writeFileSync(path, "# mine\n");
      chmodSync(path, 0o444);
    },
    "a link that leads nowhere": (path) => symlinkSync("/nowhere/bashrc", path),
    "no file": (path) => mkdirSync(path),
    FIFO: (path) => void spawnSync("mkfifo", [path]),
    "not UTF-8": (path) => writeFileSync(path, Buffer.from([0x23, 0xe9, 0x0a])),
  };
  for (const [what, make] of Object.entries(CLOSED)) {
    test(`is left to the person where that is ${what}, and all else is installed`, async () => {
      make(at(".bashrc"));
      const before = lstatSync(at(".bashrc"), { bigint: true });
      const { stdout } = await mustInstall();
      expect(stdout).toContain(`No line is added to ${at(".bashrc")}`);
      expect(stdout).toContain("Add to it: [[ -r ");
      expect(existsSync(program())).toBe(true);
      const after = lstatSync(at(".bashrc"), { bigint: true });
      expect([after.ino, after.mode, after.mtimeNs]).toEqual([before.ino, before.mode, before.mtimeNs]);
    });
  }

  test("that can no longer be taken out keeps nobody from uninstalling", async () => {
    writeFileSync(at(".bashrc"), "# mine\n");
    await mustInstall();
    const torn = Buffer.concat([readFileSync(at(".bashrc")), Buffer.from([0xe9, 0x0a])]);
    writeFileSync(at(".bashrc"), torn);
    const { code, stdout } = await uninstall();
    expect(code).toBe(0);
    expect(stdout).toContain(`The line of ccs in ${at(".bashrc")} stays, and does nothing any more`);
    expect(readFileSync(at(".bashrc")).equals(torn)).toBe(true);
    expect(existsSync(program())).toBe(false);
  });
});

describe("where everything goes", () => {
  test("follows ZDOTDIR and the XDG directories, except those that are not absolute", async () => {
    mkdirSync(at("zsh"));
    writeFileSync(at("zsh/.zshrc"), "# mine\n");
    env = { ...env, ZDOTDIR: at("zsh"), XDG_DATA_HOME: at("data"), XDG_CONFIG_HOME: "relative", PATH: shells("zsh", "fish") };
    await mustInstall();
    const names = Object.keys(files()).filter((path) => !path.endsWith("/"));
    expect(names.sort()).toEqual([
      ".config/fish/completions/ccs.fish",
      ".local/bin/ccs",
      ".local/share/man/man1/ccs.1",
      "data/ccs/completions/_ccs",
      "zsh/.zshrc",
    ]);
    expect(readFileSync(at("zsh/.zshrc"), "utf8")).toContain(at("data/ccs/completions/_ccs"));
    // Uninstalling knows the places by itself.
    expect((await person.ccs(["uninstall", "--yes"], { env: { PATH: env["PATH"] as string } })).code).toBe(0);
    expect(Object.keys(files()).filter((path) => !path.endsWith("/"))).toEqual(["zsh/.zshrc"]);
    expect(readFileSync(at("zsh/.zshrc"), "utf8")).toBe("# mine\n");
  });

  test("says that another ccs comes first on PATH, and nothing where this one does", async () => {
    const other = join(env["PATH"] as string, "ccs");
    writeFileSync(other, "#!/bin/sh\n", { mode: 0o755 });
    env["PATH"] = `${env["PATH"]}:${at(".local/bin")}`;
    expect((await mustInstall()).stdout).toContain(`${other} comes first on PATH`);
    rmSync(other);
    writeFileSync(at(".zshrc"), "");
    await mustInstall();
    expect((await install("--yes")).stdout).toBe(`Everything is installed already: ${program()}\n`);
  });

  // A machine need not have man.
  test.skipIf(Bun.which("man") === null)("lets man find the page, also where XDG_DATA_HOME is elsewhere", async () => {
    env = { ...env, XDG_DATA_HOME: at("data") };
    await mustInstall();
    const found = spawnSync("man", ["-w", "ccs"], {
      env: { ...person.env, PATH: `${at(".local/bin")}:${process.env["PATH"]}` },
      encoding: "utf8",
    });
    expect(found.stdout.trim()).toBe(at(".local/share/man/man1/ccs.1"));
  });
});

/** A shell in a terminal, as a person opens one, in whose home ccs was installed. */
async function opened(command: readonly string[], more: Record<string, string> = {}): Promise<Terminal> {
  const path = `${at(".local/bin")}:${process.env["PATH"]}`;
  const terminal = openTerminal(command, {
    directory: dirname(person.root),
    cwd: person.home,
    env: { ...person.env, PATH: path, ...more },
  });
  terminals.push(terminal);
  await terminal.until("READY>");
  return terminal;
}

async function tabbed(terminal: Terminal, typed: string, wanted: string): Promise<void> {
  terminal.type(typed);
  await terminal.until((screen) => screen.trimEnd().endsWith(`READY> ${typed}`));
  terminal.press("Tab");
  await terminal.until((screen) => screen.split("\n").some((line) => line.trimEnd() === `READY> ${wanted}`));
}

const PACKAGE = "/usr/share/bash-completion/bash_completion";
const WITH_PACKAGE = `PS1='READY> '\n. ${PACKAGE}\n`;

// The package is not on every machine.
test.skipIf(!existsSync(PACKAGE))(
  "after ccs install bash completes by the package that finds completions, without a line of ours",
  async () => {
    await person.must("auth", "create", "work", "--no-login");
    writeFileSync(at(".bashrc"), WITH_PACKAGE);
    await mustInstall();
    expect(readFileSync(at(".bashrc"), "utf8")).toBe(WITH_PACKAGE);
    await tabbed(await opened(["bash", "-i"]), "ccs auth show wo", "ccs auth show work");
  },
);

describe("after ccs install, in the homes of people with odd names too, the Tab key", () => {
  beforeEach(async () => {
    await person.must("auth", "create", "work", "--no-login");
    const odd = join(person.root, "it's a home");
    mkdirSync(odd);
    // biome-ignore lint/suspicious/noExplicitAny: the home of this person is another one
    (person as any).home = odd;
    // biome-ignore lint/suspicious/noExplicitAny: the same
    (person as any).env = { ...person.env, HOME: odd };
    env = { ...env, HOME: odd };
  });

  // bash is everywhere these tests run.
  test("completes in bash", async () => {
    writeFileSync(at(".bashrc"), "PS1='READY> '");
    await mustInstall();
    await tabbed(await opened(["bash", "-i"]), "ccs auth show wo", "ccs auth show work");
  });

  // The package is not on every machine.
  test.skipIf(!existsSync(PACKAGE))(
    "completes in bash by a line of ours where the package would not find its way into the home",
    async () => {
      writeFileSync(at(".bashrc"), WITH_PACKAGE);
      await mustInstall();
      expect(readFileSync(at(".bashrc"), "utf8")).toStartWith(WITH_PACKAGE);
      await tabbed(await opened(["bash", "-i"]), "ccs auth show wo", "ccs auth show work");
    },
  );

  // A machine need not have zsh.
  test.skipIf(Bun.which("zsh") === null)("completes in zsh, with compinit and without", async () => {
    for (const compinit of ["", "autoload -Uz compinit && compinit -u\n"]) {
      writeFileSync(at(".zshrc"), `PS1='READY> '\n${compinit}`);
      await mustInstall();
      await tabbed(await opened(["zsh", "-i"]), "ccs auth show wo", "ccs auth show work");
    }
  });

  // A machine need not have fish.
  test.skipIf(Bun.which("fish") === null)("completes in fish", async () => {
    env["PATH"] = shells("fish");
    await mustInstall();
    const path = `${at(".local/bin")}:${process.env["PATH"]}`;
    const done = spawnSync("fish", ["-c", "complete -C 'ccs auth show wo'"], { env: { ...person.env, PATH: path }, encoding: "utf8" });
    expect(done.stdout).toStartWith("work\t");
  });
});
