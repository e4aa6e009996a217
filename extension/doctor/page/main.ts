/** Runs in the panel. Everything is put in as text: a name that looks like markup is shown as it is. */
import type { CheckResult } from "../../../shared/index.ts";
import { isQuiet, quietText, type Section, type Shown, type Wish } from "../model.ts";

declare function acquireVsCodeApi(): { postMessage(wish: Wish): void };

/** The little of the page's own world that is used here. */
interface Part {
  id: string;
  className: string;
  textContent: string | null;
  hidden: boolean;
  open?: boolean;
  focus(): void;
  querySelectorAll(selector: string): Iterable<Part>;
  append(...parts: (Part | string)[]): void;
  replaceChildren(...parts: Part[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(event: string, heard: () => void): void;
}
declare const document: { createElement(tag: string): Part; getElementById(id: string): Part | null; activeElement: Part | null };
declare const window: { addEventListener(event: "message", heard: (event: { data: Shown }) => void): void };

const editor = acquireVsCodeApi();
const SIGNS: Readonly<Record<CheckResult["result"], string>> = { ok: "✓", info: "i", warning: "!", error: "✕", skipped: "–" };

function part(tag: string, className: string, ...inside: (Part | string)[]): Part {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside);
  return made;
}

/** A part of the page that is always there. */
function fixed(id: string): Part {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

function button(id: string, words: string, className: string, spoken: string, wish: Wish): Part {
  const made = part("button", className, words);
  made.id = id;
  made.setAttribute("aria-label", spoken);
  made.addEventListener("click", () => editor.postMessage(wish));
  return made;
}

function checkPart(check: CheckResult): Part {
  const { id, name, result, message, where, fix } = check;
  const sign = part("span", `sign ${result}`, SIGNS[result]);
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", result);
  const body = part("div", "body", part("p", "message", part("span", "name", name), message));
  if (where !== null) body.append(part("p", "where", button(`open ${id}`, where, "link", `Open ${where}`, { do: "open", where })));
  if (fix !== null && fix.describes.length > 0) {
    body.append(part("ul", "plan", ...fix.describes.map((sentence) => part("li", "", sentence))));
    return part("li", result, sign, body, button(`fix ${id}`, "Fix", "fix", `Fix: ${message}`, { do: "fix", id }));
  }
  if (fix !== null) body.append(part("p", "command", part("code", "", fix.command)));
  return part("li", result, sign, body);
}

function details(id: string, words: string, ...inside: Part[]): Part {
  const made = part("details", "", part("summary", "", words), ...inside);
  made.id = id;
  return made;
}

function sectionPart({ title, checks }: Section): Part {
  const quiet = checks.filter(isQuiet);
  const rest = checks.filter((check) => !isQuiet(check));
  const section = part("section", "", part("h2", "", title));
  if (rest.length > 0) section.append(part("ul", "checks", ...rest.map(checkPart)));
  if (quiet.length > 0) section.append(details(`quiet ${title}`, quietText(quiet), part("ul", "checks", ...quiet.map(checkPart))));
  return section;
}

/** Whatever nothing is wrong with, out of the way of what something is wrong with. */
function quietPart(sections: readonly Section[], title: string): Part {
  const inside = sections.flatMap(({ title, checks }) => [part("h3", "", title), part("ul", "checks", ...checks.map(checkPart))]);
  const names = sections.map(({ title }) => title).join(", ");
  return part("section", "", part("h2", "", title), details("quiet", names, ...inside));
}

/** Draws the report anew; what was opened stays open, and what had the focus has it again. */
function draw({ loud, quiet, quietTitle }: Shown): void {
  const report = fixed("report");
  const open = [...report.querySelectorAll("details[open]")].map(({ id }) => id);
  const focused = document.activeElement?.id ?? "";
  report.replaceChildren(...loud.map(sectionPart), ...(quiet.length === 0 ? [] : [quietPart(quiet, quietTitle)]));
  for (const id of open) {
    const found = document.getElementById(id);
    if (found !== null) found.open = true;
  }
  if (focused !== "") document.getElementById(focused)?.focus();
}

let drawn = "";
window.addEventListener("message", ({ data }) => {
  // Much that changes on disk changes nothing here.
  const now = JSON.stringify(data);
  if (now === drawn) return;
  drawn = now;
  fixed("summary").textContent = data.summary;
  fixed("fix-all").hidden = !data.mendable;
  draw(data);
});
for (const wish of ["fix-all", "refresh", "copy"] as const) {
  fixed(wish).addEventListener("click", () => editor.postMessage({ do: wish }));
}
editor.postMessage({ do: "ready" });
