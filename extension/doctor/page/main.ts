/** Runs in the panel. Everything is put in as text: a name that looks like markup is shown as it is. */
import type { CheckResult } from "../../../shared/index.ts";
import type { Section, Shown, Wish } from "../model.ts";

declare function acquireVsCodeApi(): { postMessage(wish: Wish): void };

/** The little of the page's own world that is used here. */
interface Part {
  id: string;
  className: string;
  textContent: string | null;
  hidden: boolean;
  title: string;
  append(...parts: (Part | string)[]): void;
  replaceChildren(...parts: Part[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(event: string, heard: () => void): void;
}
declare const document: { createElement(tag: string): Part; getElementById(id: string): Part; activeElement: Part | null };
declare const window: { addEventListener(event: "message", heard: (event: { data: Shown }) => void): void };

const editor = acquireVsCodeApi();
const SIGNS: Readonly<Record<CheckResult["result"], string>> = { ok: "✓", info: "i", warning: "!", error: "✕", skipped: "–" };

function part(tag: string, className: string, ...inside: (Part | string)[]): Part {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside);
  return made;
}

function button(words: string, className: string, spoken: string, wish: Wish): Part {
  const made = part("button", className, words);
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
  if (where !== null) body.append(part("p", "where", button(where, "link", `Open ${where}`, { do: "open", where })));
  if (fix !== null && fix.describes.length > 0) {
    body.append(part("ul", "plan", ...fix.describes.map((sentence) => part("li", "", sentence))));
    return part("li", result, sign, body, button("Fix", "fix", `Fix: ${message}`, { do: "fix", id }));
  }
  if (fix !== null) body.append(part("p", "command", part("code", "", fix.command)));
  return part("li", result, sign, body);
}

const isWell = ({ result }: CheckResult) => result === "ok" || result === "skipped";

function sectionPart({ title, checks }: Section): Part {
  const well = checks.filter(isWell);
  const rest = checks.filter((check) => !isWell(check));
  const section = part("section", "", part("h2", "", title));
  if (rest.length > 0) section.append(part("ul", "checks", ...rest.map(checkPart)));
  if (well.length === 0) return section;
  const words = `${well.length} ${well.length === 1 ? "check" : "checks"} found nothing`;
  section.append(part("details", "", part("summary", "", words), part("ul", "checks", ...well.map(checkPart))));
  return section;
}

/** Whatever nothing is wrong with, out of the way of what something is wrong with. */
function quietPart(sections: readonly Section[]): Part {
  const inside = sections.flatMap(({ title, checks }) => [part("h3", "", title), part("ul", "checks", ...checks.map(checkPart))]);
  const names = sections.map(({ title }) => title).join(", ");
  return part("section", "", part("h2", "", "All is well with"), part("details", "", part("summary", "", names), ...inside));
}

window.addEventListener("message", ({ data }) => {
  document.getElementById("summary").textContent = data.summary;
  document.getElementById("fix-all").hidden = !data.mendable;
  const loud = data.sections.filter(({ checks }) => !checks.every(isWell));
  const quiet = data.sections.filter(({ checks }) => checks.every(isWell));
  const rest = quiet.length === 0 ? [] : [quietPart(quiet)];
  document.getElementById("report").replaceChildren(...loud.map(sectionPart), ...rest);
});
for (const wish of ["fix-all", "refresh", "copy"] as const) {
  document.getElementById(wish).addEventListener("click", () => editor.postMessage({ do: wish }));
}
editor.postMessage({ do: "ready" });
