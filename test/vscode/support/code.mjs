#!/usr/bin/env node
// A stand-in for `code`, for @vscode/test-electron's runTests: it takes the same arguments and ends with the same exit
// codes, and opens VS Code's workbench in a browser in place of a desktop editor's window.
import { fileURLToPath } from "node:url";
import { findBun } from "../../../scripts/setup/bun.mjs";
import { becomes } from "../../../scripts/setup/foreground.mjs";

const bun = findBun();
if (bun === undefined) throw new Error("Bun is not installed here: npm run setup");
const script = fileURLToPath(new URL("code.ts", import.meta.url));
becomes(bun, [script, ...process.argv.slice(2)], { cwd: process.cwd(), env: process.env });
