import { expect, test } from "bun:test";
import { chmodSync, statSync } from "node:fs";
import { CHECKS } from "../../../shared/doctor/checks/index.ts";
import { hasNoHardLinks, mountOf, parseMounts, readMounts } from "../../../shared/doctor/mounts.ts";
import { World } from "../../../shared/doctor/world.ts";
import { healthy, NOW } from "./scratch.ts";

const MOUNTS = parseMounts(
  [
    "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "30 21 7:0 / /mnt/my\\040stick rw - vfat /dev/loop0 rw",
    "31 21 0:44 / /mnt/far rw shared:5 master:1 - fuse.sshfs far:/ rw",
    "32 21 259:131075 / /mnt/big rw - exfat /dev/nvme9 rw",
    "torn line",
    "",
  ].join("\n"),
);

function device(major: bigint, minor: bigint): bigint {
  return (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n);
}

test("a directory's device tells what it is mounted from", () => {
  expect(mountOf(MOUNTS, device(8n, 1n))?.type).toBe("ext4");
  expect(mountOf(MOUNTS, device(7n, 0n))?.type).toBe("vfat");
  expect(mountOf(MOUNTS, device(259n, 131075n))?.type).toBe("exfat");
  expect(mountOf(MOUNTS, device(9n, 9n))).toBeNull();
});

test("only filesystems that are known to have no hard links are called so", () => {
  const types = ["vfat", "msdos", "exfat", "fuse.exfat", "fuse.fusefat", "ext4", "fuse.sshfs", "fuseblk", "btrfs"];
  expect(types.filter((type) => hasNoHardLinks({ device: "", type }))).toEqual(["vfat", "msdos", "exfat", "fuse.exfat", "fuse.fusefat"]);
  expect(hasNoHardLinks(null)).toBe(false);
});

// Elsewhere there is no /proc/self/mountinfo.
test.skipIf(process.platform !== "linux")("the device numbers of this system are found in its own table", () => {
  const { dev } = statSync("/proc", { bigint: true });
  expect(mountOf(readMounts(), dev)?.type).toBe("proc");
});

class OnFat extends World {
  override mount() {
    return { device: "7:0", type: "vfat" };
  }
}

test("on FAT the missing hard links are a warning, and no permissions are promised to be mended", () => {
  const stand = healthy();
  chmodSync(stand.home.config, 0o644);
  const world = new OnFat(stand.home, { env: stand.env, now: NOW });
  const found = (name: string) => CHECKS.find((check) => check.name === name)?.run(world);
  expect(found("filesystem")).toMatchObject([{ result: "warning", where: stand.home.root, mending: null }]);
  expect(found("config")).toMatchObject([{ result: "warning", where: stand.home.config, mending: null }]);
});
