import { formatBytes, type GroupDetails, type GroupReport, membersText } from "../../shared/index.ts";
import type { Paint } from "./style.ts";
import { type Cell, table } from "./table.ts";
import { count } from "./words.ts";
import { hanging, plain } from "./wrap.ts";

/** `ccs group list`. */
export function groupTable(groups: readonly GroupReport[], paint: Paint, width: number | null): string {
  const titles = ["Group", "Members", "Sessions", "Set aside", "Conflicts"].map((text) => ({ text, paint: paint.bold }));
  const rows = groups.map((group): Cell[] => [
    { text: group.name },
    { text: membersText(group), paint: group.members.length === 0 ? paint.dim : String },
    { text: String(group.sessions) },
    { text: group.setAside.files === 0 ? "-" : `${count(group.setAside.files, "file")}, ${formatBytes(group.setAside.bytes)}` },
    { text: group.conflicts === 0 ? "-" : String(group.conflicts), paint: group.conflicts === 0 ? String : paint.yellow },
  ]);
  return table(titles, rows, width);
}

/** `ccs group show`. */
export function groupDetails(group: GroupDetails, paint: Paint, width: number | null): string {
  const rows: [string, string][] = [
    ["Group", group.name],
    ["Members", membersText(group)],
    ["Directory", plain(group.directory)],
    ["Size", formatBytes(group.bytes)],
    ["Sessions", `${group.sessions}${ownersOf(group)}`],
  ];
  const lines = rows.map(([title, value]) => {
    const label = `${title}:`.padEnd(12);
    return hanging(label, value, width).replace(label, paint.bold(label));
  });
  lines.push(...files("Conflicts", "waiting for a person: both files stay until one is dealt with", group.conflictFiles.map(plain), paint));
  const kept = group.setAsideFiles.map((file) => `${plain(file.path)}  ${paint.dim(`${formatBytes(file.size)}, ${plain(file.why)}`)}`);
  lines.push(...files("Set aside", "kept, out of every client's sight", kept, paint));
  return `${lines.join("\n")}\n`;
}

/** ` (3 of work, 2 of spare, 1 of nobody for certain)`. */
function ownersOf(group: GroupDetails): string {
  if (group.owners.length === 0) return "";
  return ` (${group.owners.map((owner) => `${owner.sessions} of ${owner.account ?? "nobody for certain"}`).join(", ")})`;
}

function files(title: string, meaning: string, paths: readonly string[], paint: Paint): string[] {
  if (paths.length === 0) return [];
  return ["", `${paint.bold(`${title}:`)} ${count(paths.length, "file")}, ${meaning}`, ...paths.map((path) => `  ${path}`)];
}
