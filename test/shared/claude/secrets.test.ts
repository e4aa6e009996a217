import { describe, expect, test } from "bun:test";
import { movedPath, withPathsMoved } from "../../../shared/claude/plugin-paths.ts";
import { loginsInSettings, secretsInSettings, secretsInState, withoutSecrets } from "../../../shared/claude/secrets.ts";

const server = (value: object) => secretsInState({ mcpServers: { s: value } }).map(({ says }) => says);

/** As a client replaces it. */
const variable = (name: string) => `\${${name}}`;

describe("what may be a secret", () => {
  test("of a server: variables and headers alone, and the whole of it where its command or its address holds one", () => {
    expect(server({ command: "node", args: ["x.js"], env: { TOKEN: "abc", URL: "https://x" } })).toEqual([
      "mcpServers.s.env.TOKEN",
      "mcpServers.s.env.URL",
    ]);
    expect(server({ url: "https://h/mcp", headers: { Authorization: "Bearer abc" }, headersHelper: "/x" })).toEqual([
      "mcpServers.s.headers.Authorization",
      "mcpServers.s.headersHelper",
    ]);
    for (const args of [
      ["--api-key", "abc"],
      ["--token=abc"],
      ["-e", "GITHUB_TOKEN=abc"],
      ["--header", "Authorization: Bearer abcdef"],
      ["run", "ghp_abcdefghijkl"],
      ["https://me:pass@h/"],
      ["-y", "mcp-remote", "https://h/?key=abc"],
    ]) {
      expect({ args, says: server({ command: "x", args }) }).toEqual({ args, says: ["mcpServers.s (its command)"] });
    }
    for (const url of ["https://u@h/", "https://h/?access_token=abc", "https://h/s/3f9a7c1be04d4a6f8b2d/mcp"])
      expect(server({ url })).toEqual(["mcpServers.s (its address)"]);
  });

  test("is not what nobody keeps secret", () => {
    expect(server({ command: "npx", args: ["-y", "@scope/server", "--port", "8080", "/home/me/authors", "--author", "me"] })).toEqual([]);
    expect(server({ command: "x", env: { DEBUG: "true", PORT: "8080", EMPTY: "", KEY: variable("MY_KEY") } })).toEqual([]);
    expect(
      server({ url: "https://mcp.example.invalid/v1/sse?team=12", headers: { Authorization: `Bearer ${variable("TOKEN")}` } }),
    ).toEqual([]);
    expect(server({ command: "x", args: ["--token", variable("TOKEN")], oauth: { clientId: "an-id" } })).toEqual([]);
    expect(
      secretsInSettings({
        model: "opus",
        enabledPlugins: { "auth-helper@market": true },
        permissions: { allow: ["Bash(npm run auth:*)"] },
        hooks: { Stop: [{ hooks: [{ type: "command", command: "say done" }] }] },
      }),
    ).toEqual([]);
  });

  test("in settings: variables, helpers, and what has the name or the look of one; a rule or a hook goes as a whole", () => {
    const settings = {
      env: { NOTE: "mine", MAX: "64000" },
      awsAuthRefresh: "aws sso login",
      pluginConfigs: { p: { options: { apiToken: "abc", region: "eu" } } },
      permissions: { allow: ["Bash(ls)", "Bash(curl -H 'x: sk-ant-abcdefgh1234')", "Bash(pwd)"] },
      hooks: { Stop: [{ hooks: [{ type: "command", command: "curl -H 'Authorization: Bearer abcdefgh'" }] }] },
    };
    const found = secretsInSettings(settings);
    expect(found.map(({ says }) => says)).toEqual([
      "env.NOTE",
      "awsAuthRefresh",
      "pluginConfigs.p.options.apiToken",
      "permissions.allow[1]",
      "hooks.Stop[0]",
    ]);
    expect(withoutSecrets(settings, found)).toEqual({
      env: { MAX: "64000" },
      pluginConfigs: { p: { options: { region: "eu" } } },
      permissions: { allow: ["Bash(ls)", "Bash(pwd)"] },
      hooks: { Stop: [] },
    });
  });

  test("a variable that is a login is one, whatever its value, and is told apart", () => {
    const settings = { env: { ANTHROPIC_API_KEY: "1", CLAUDE_CODE_OAUTH_TOKEN: "x" } };
    expect(secretsInSettings(settings)).toEqual([]);
    expect(loginsInSettings(settings).map(({ says }) => says)).toEqual(["env.ANTHROPIC_API_KEY", "env.CLAUDE_CODE_OAUTH_TOKEN"]);
  });
});

describe("paths of plugins", () => {
  test("that lie in the old directory lie in the new one; all else stays byte for byte", () => {
    const text = `{ "a": "/old/plugins/x",\n  "b" : ["/old", "/older/x", "at /old/x"], "\\u002fold/k": 1e2, "c": "/real/old/y" }\n`;
    expect(withPathsMoved(text, ["/old", "/real/old"], "/new")).toBe(
      `{ "a": "/new/plugins/x",\n  "b" : ["/new", "/older/x", "at /old/x"], "\\u002fold/k": 1e2, "c": "/new/y" }\n`,
    );
    expect(movedPath("/elsewhere", ["/old"], "/new")).toBeNull();
  });
});
