import { sourceOf } from "./source.ts";

/** Where a pattern stands, as `path:line: what`. */
export function places(texts: Readonly<Record<string, string>>, pattern: RegExp): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    return [...text.matchAll(pattern)].map((match) => `${path}:${text.slice(0, match.index).split("\n").length}: ${match[0]}`);
  });
}

/** Lock files of other package managers, and ones that lie deeper. */
export function foreignLocks(paths: readonly string[]): string[] {
  const lock = /(?:^|\/)(?:bun\.lockb?|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/;
  return paths.filter((path) => lock.test(path) && path !== "bun.lock");
}

/** Hosts that serve packages. */
export function registryHosts(texts: Readonly<Record<string, string>>, inUseHere: readonly string[]): string[] {
  const known = /\b(?:registry|npm|pkgs?|deb|ftp|security|archive)\.[a-z0-9-]+\.[a-z]{2,}\b/gi;
  return [...places(texts, known), ...inUseHere.flatMap((host) => places(texts, literally(host)))];
}

/** Paths of this machine: as a whole, or as the start of a longer one. */
export function pathsOfMachine(texts: Readonly<Record<string, string>>, machine: readonly string[]): string[] {
  return machine.flatMap((path) => places(texts, new RegExp(String.raw`(?<![\w.$/~-])${escaped(path)}(?![\w.-])`, "g")));
}

/** Notes to oneself. The pattern is in two parts, or it would find itself. */
export function notesToSelf(texts: Readonly<Record<string, string>>): string[] {
  return places(texts, new RegExp(String.raw`\b(?:TO${"DO"}|FIX${"ME"}|XX${"X"})\b`, "g"));
}

/** Tests that are left out, or that leave the others out, without a comment on the line or right above it. */
export function unexplained(texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    if (!/\.test\.[cm]?[jt]sx?$/.test(path)) return [];
    const lines = text.split("\n");
    const plain = sourceOf(path, text).plain.split("\n");
    return sourceOf(path, text)
      .code.split("\n")
      .flatMap((code, at) => {
        if (!/\b(?:test|it|describe)(?:\s*\.\s*\w+)*\s*\.\s*(?:skip|only|todo|skipIf|todoIf|if|failing)\b/.test(code)) return [];
        const explained = [at, at - 1].some((line) => lines[line] !== undefined && lines[line] !== plain[line]);
        return explained ? [] : [`${path}:${at + 1}: ${code.trim()}`];
      });
  });
}

/** Dependencies that would take whatever is newest. */
export function unpinned(manifest: Readonly<Record<string, unknown>>): string[] {
  return ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) => {
    const listed = (manifest[kind] ?? {}) as Record<string, string>;
    return Object.entries(listed).flatMap(([name, version]) =>
      /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) ? [] : [`${name}: ${version}`],
    );
  });
}

function literally(text: string): RegExp {
  return new RegExp(escaped(text), "gi");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
