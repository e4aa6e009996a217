import { dirname, join } from "node:path";
import { findClient, INSTALL_CLIENT } from "../../claude/index.ts";
import { type Entry, list, look, real } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { Unreadable } from "../../errors.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** On Windows, and in Linux on it, a person has two homes: what is in the one is not seen from the other. Elsewhere it says nothing. */
export const windows: Check = {
  name: "windows",
  mends: [],
  run(world) {
    const { platform, kernel } = world.surroundings;
    if (platform === "win32") return orOk(twoHomes(world), "every shell has the same home directory");
    if (platform !== "linux" || !(world.env.WSL_DISTRO_NAME || /microsoft/i.test(kernel()))) return [];
    const found = [...clientOfWindows(world), ...onWindowsDisk(world), ...accountsOfWindows(world)];
    return orOk(found, "this is Linux on Windows, and nothing here reaches over to Windows");
  },
};

/** Shells of Unix set HOME; Windows has USERPROFILE, and so has a client. */
function twoHomes({ env, home }: World): Finding[] {
  const { HOME, USERPROFILE, CCS_DIR } = env;
  if (!HOME || !USERPROFILE || CCS_DIR || same(HOME, USERPROFILE)) return [];
  const message = `HOME (${HOME}) and USERPROFILE (${USERPROFILE}) differ: from a shell without HOME, ccs has other accounts than here`;
  return [finding("warning", message, { where: home.root, command: `setx CCS_DIR "${home.root}"` })];
}

function same(a: string, b: string): boolean {
  const plain = (path: string) => path.replaceAll("\\", "/").replace(/\/+$/, "").toLowerCase();
  return plain(a) === plain(b);
}

/** A client of Windows is not told of the instance: the variable that names it does not cross over. */
function clientOfWindows(world: World): Finding[] {
  const client = findClient(world.env, "linux");
  if (client === null || !isOnWindows(world, client)) return [];
  const message = "the Claude Code found is that of Windows: it keeps to the home it has there, whatever the account";
  return [finding("error", message, { where: client, command: INSTALL_CLIENT })];
}

function onWindowsDisk(world: World): Finding[] {
  const { root } = world.home;
  if (!isOnWindows(world, root)) return [];
  const message = "what ccs keeps lies on a disk of Windows, where permissions do not keep a login to yourself";
  return [finding("warning", message, { where: root, command: 'Keep it in the Linux home: export CCS_DIR="$HOME/.ccs"' })];
}

function accountsOfWindows(world: World): Finding[] {
  const { windowsUsers } = world.surroundings;
  const here = real(world.home.root);
  return namesIn(windowsUsers).flatMap(({ name }) => {
    const root = join(windowsUsers, name, ".ccs");
    if (!isThere(join(root, "config.yaml")) || real(root) === here) return [];
    const message = "ccs on Windows has accounts of its own: they and these do not see each other";
    return [finding("info", message, { where: root, command: `CCS_DIR=${displayPath(root)} ccs auth list` })];
  });
}

/** Homes of other users may be closed to this one. */
function namesIn(directory: string): Entry[] {
  try {
    return list(directory) ?? [];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

function isThere(path: string): boolean {
  try {
    return look(path) !== null;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

/** The disks of Windows are directories of one letter beside that of its users. */
function isOnWindows({ surroundings }: World, path: string): boolean {
  const above = dirname(dirname(surroundings.windowsUsers));
  const there = real(path) ?? path;
  return there.startsWith(`${above}/`) && /^[a-z]\//i.test(there.slice(above.length + 1));
}
