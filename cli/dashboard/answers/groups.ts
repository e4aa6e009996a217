import {
  ARTIFACTS,
  formatBytes,
  type GroupReport,
  groupBytes,
  type Home,
  listGroups,
  readConfig,
  showGroup,
} from "../../../shared/index.ts";
import type { Answer, GroupRow } from "../api/schemas.ts";

export function groups(home: Home): Answer<"groups"> {
  return {
    groups: listGroups(home, readConfig(home)).map((report) => rowOf(report, groupBytes(home, report.name))),
    deeper: ARTIFACTS.filter(({ continuity }) => continuity === "deeper").map(({ name }) => name),
  };
}

/** @throws CcsError not-found */
export function group(home: Home, name: string): Answer<"group"> {
  const details = showGroup(home, name);
  const { directory, owners, conflictFiles, setAsideFiles } = details;
  return {
    ...rowOf(details, details.bytes),
    ...{ directory, owners, conflictFiles },
    setAsideFiles: setAsideFiles.map((file) => ({ ...file, size: formatBytes(file.size) })),
  };
}

function rowOf({ name, members, sessions, setAside, conflicts }: GroupReport, bytes: number): GroupRow {
  return {
    ...{ name, members, sessions, conflicts, size: formatBytes(bytes) },
    setAside: { files: setAside.files, size: formatBytes(setAside.bytes) },
  };
}
