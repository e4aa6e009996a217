// The login of client.ts: `log-in.ts <trusted directory>`, with CLAUDE_CONFIG_DIR set.
import { basename } from "node:path";
import { logIn, loginOf } from "../../real-client/support/login.ts";

const [trusted] = process.argv.slice(2);
const instance = process.env["CLAUDE_CONFIG_DIR"];
if (trusted === undefined || instance === undefined) throw new Error("a directory and CLAUDE_CONFIG_DIR are needed");
logIn(instance, loginOf(basename(instance)), [trusted]);
console.log("Login successful.");
