import { type ArgsDef, defineCommand } from "citty";
import { CcsError, type Home, isErrno } from "../../shared/index.ts";
import { usage } from "../arguments/strict.ts";
import type { Dashboard } from "../dashboard/server.ts";
import { home } from "../home.ts";
import { err, out } from "../output.ts";
import { paintFor } from "../render/style.ts";

export const args = {
  port: { type: "string", valueHint: "number", description: "serve on this port (without it: a free one)" },
  open: { type: "boolean", default: true, negativeDescription: "do not open a browser, only print the address" },
  json: { type: "boolean", description: "print the address as one line of JSON, open no browser, and go on serving" },
} as const satisfies ArgsDef;

export const examples = ["ccs config", "ccs config --port 8080 --no-open", "ccs config --json"];

export const notes = [
  "Accounts, groups and the doctor in a browser: the pencil of an account is Edit History Sync. It serves 127.0.0.1 only, to whoever " +
    "has the link it prints; a link works once and for ten minutes, and a second `ccs config` prints a fresh one. Ctrl-C ends it, and so do 30 minutes without use.",
];

/** Milliseconds without use after which the server ends. */
const IDLE = 30 * 60_000;

export const command = defineCommand({
  meta: { name: "config" },
  args,
  async run({ args }) {
    const there = home();
    const port = args.port === undefined ? 0 : portFrom(args.port);
    const { runningServer } = await import("../dashboard/known.ts");
    const running = await runningServer(there);
    if (running !== null) {
      if (port !== 0 && port !== running.port) err(`A dashboard runs already, on port ${running.port}.\n`);
      await show(running.url, running.pid, args);
      return 0;
    }
    return serve(there, port, args);
  },
});

interface Shown {
  readonly open?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Until Ctrl-C, or until nobody has used it for long. @returns the exit code */
async function serve(there: Home, port: number, wanted: Shown): Promise<number> {
  const [{ serveDashboard }, { makeKnown }] = await Promise.all([import("../dashboard/server.ts"), import("../dashboard/known.ts")]);
  const idleAfter = Number(process.env["CCS_CONFIG_IDLE_MS"]) || IDLE; // a test cannot wait for half an hour
  const dashboard = await serveDashboard(there, { port, idleAfter }).catch((error: unknown) => {
    throw isErrno(error, "EADDRINUSE", "EACCES") ? portTaken(port, error) : error;
  });
  const forget = makeKnown(there, { pid: process.pid, port: dashboard.port, key: dashboard.key });
  try {
    const asked = new Promise<"asked">((end) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end("asked"));
    });
    await show(dashboard.link(), process.pid, wanted);
    if (wanted.json !== true) err("Ctrl-C ends it, and so do 30 minutes without use.\n");
    const why = await Promise.race([asked, dashboard.idle.then(() => "idle" as const)]);
    if (why === "idle" && wanted.json !== true) err("Ended: nobody used it for 30 minutes. ccs config starts it again.\n");
  } finally {
    forget();
    await end(dashboard);
  }
  return 0;
}

/** What is being applied goes on to its end; a second Ctrl-C does not wait for it, and loses nothing either. */
async function end(dashboard: Dashboard): Promise<void> {
  if (dashboard.changing) err("Waiting for the change that is being applied. Ctrl-C again leaves it to be finished by the next ccs.\n");
  process.on("SIGINT", () => process.exit(130));
  await dashboard.close();
}

async function show(url: string, pid: number, { open, json }: Shown): Promise<void> {
  if (json === true) return out(`${JSON.stringify({ version: 1, url, pid })}\n`);
  const { showingOf, startBrowser } = await import("../dashboard/open.ts");
  const { bold, cyan } = paintFor(1);
  out(`${bold("Dashboard")}  ${cyan(url)}\n`);
  if (open === false) return;
  const showing = showingOf(url, process.env);
  if (showing.by === "forwarding") {
    out(`From your own machine, first: ${cyan(showing.line)}\n`);
  } else if (showing.by === "nothing" || !(await startBrowser(showing.command))) {
    err("No browser could be started here: open the address in one yourself.\n");
  }
}

/** @throws CcsError `usage` */
function portFrom(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  throw usage(`--port is "${text}"; it takes a number from 1 to 65535`, "Leave it out for a free port: ccs config");
}

function portTaken(port: number, cause: unknown): CcsError {
  return new CcsError(
    "failed",
    `port ${port} cannot be had: ${isErrno(cause, "EACCES") ? "permission denied" : "something else listens there"}`,
    {
      untouched: "Nothing was changed.",
      hint: "Leave --port out for a free one: ccs config",
      cause,
    },
  );
}
