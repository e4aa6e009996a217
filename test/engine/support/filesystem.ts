import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What this machine can mount: both filesystems come as user-space programs, because kernels often lack them. */
const NEEDS = { fat: ["fusefat", "mkfs.fat"], exfat: ["mount.exfat-fuse", "mkfs.exfat", "losetup"] } as const;

function has(program: string): boolean {
  return Bun.which(program, { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` }) !== null;
}

/** Why this filesystem cannot be mounted here, or null. */
export function whyNot(kind: keyof typeof NEEDS): string | null {
  if (process.geteuid?.() !== 0) return "only the superuser may mount";
  if (!fs.existsSync("/dev/fuse")) return "there is no /dev/fuse";
  const missing = NEEDS[kind].filter((program) => !has(program));
  return missing.length === 0 ? null : `${missing.join(", ")} is not installed`;
}

function run(...command: string[]): string {
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { env });
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return stdout.toString().trim();
}

/** A filesystem on a fresh image: `using disk = mount("exfat")`. */
export function mount(kind: keyof typeof NEEDS): { readonly path: string } & Disposable {
  const above = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), `ccs-${kind}-`)));
  const image = join(above, "image");
  const path = join(above, "disk");
  fs.mkdirSync(path);
  fs.writeFileSync(image, "");
  fs.truncateSync(image, 32 * 1024 * 1024);
  let loop: string | null = null;
  if (kind === "fat") {
    run("mkfs.fat", image);
    run("fusefat", "-o", "rw+", image, path);
  } else {
    run("mkfs.exfat", image);
    loop = run("losetup", "-f", "--show", image);
    run("mount.exfat-fuse", loop, path);
  }
  return {
    path,
    [Symbol.dispose]: () => {
      run("umount", path);
      if (loop !== null) run("losetup", "-d", loop);
      fs.rmSync(above, { recursive: true });
    },
  };
}
