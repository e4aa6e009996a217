import { readText } from "../context/disk.ts";

export interface Mount {
  /** `<major>:<minor>` of the device. */
  readonly device: string;
  /** `ext4`, `vfat`, `fuse.sshfs` ... */
  readonly type: string;
}

/** What is mounted, from /proc/self/mountinfo (proc(5)); nothing where the system does not tell that way. */
export function readMounts(): Mount[] {
  return parseMounts(readText("/proc/self/mountinfo") ?? "");
}

/** Field 3 is the device; the type follows a lone `-` after any number of optional fields. */
export function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const fields = line.split(" ");
    const device = fields[2];
    const type = fields[fields.indexOf("-", 6) + 1];
    return device === undefined || type === undefined || !fields.includes("-", 6) ? [] : [{ device, type }];
  });
}

/** @param dev as stat(2) gives it, in the form of Linux: 12 + 20 bits of minor and major, spread over 64 */
export function mountOf(mounts: readonly Mount[], dev: bigint): Mount | null {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return mounts.findLast((m) => m.device === `${major}:${minor}`) ?? null;
}

/** Filesystems without hard links, as far as their name tells: a FUSE of another name is found out when it is tried. */
const WITHOUT = /^(?:vfat|msdos|umsdos|exfat|fuse\.(?:exfat\S*|fusefat|vfat))$/;

/** Known to have hard and symbolic links, and to rename directories with all that is in them. */
const ABLE = /^(?:ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|tmpfs|ramfs|overlay|jfs|nilfs2|nfs4?|ntfs3)$/;

export function isAble(mount: Mount | null): boolean {
  return mount !== null && ABLE.test(mount.type);
}

/** A driver under which a directory that gets another parent loses what is in it. */
export function losesOnRename(mount: Mount | null): boolean {
  return mount?.type === "fuse.fusefat";
}

export function hasNoHardLinks(mount: Mount | null): boolean {
  return mount !== null && WITHOUT.test(mount.type);
}
