import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * How the stand-in's login goes:
 * - `ok`: logged in at once
 * - `code`: asks for the code the browser shows, takes the one that begins with `good`, and fails for any other
 * - `browser`: waits for a browser that never comes back; Ctrl-C ends it by signal
 * - `browser-130`: the same; it reads Ctrl-C itself and exits with 130
 * - `fail`: exits with 1
 * - `nothing`: exits with 0 and leaves no login
 */
export type LoginWay = "ok" | "code" | "browser" | "browser-130" | "fail" | "nothing";

export const LOGGED_IN_AS = "person@example.invalid";

/**
 * Writes a client that can only log in. It stands in for the real one because a real login needs a browser, a person
 * and the provider's servers; it leaves behind what a real one does (`.claude.json` from its first moment on,
 * `.credentials.json` and `oauthAccount` only after a login). The way is taken from `STAND_IN_LOGIN` when it runs.
 * @returns its path, for `CCS_CLAUDE_PATH`
 */
export function makeLoginClient(directory: string): string {
  const path = join(directory, "login-client");
  writeFileSync(path, SCRIPT, { mode: 0o755 });
  return path;
}

const SCRIPT = `#!/bin/sh
if [ "$*" != "auth login" ]; then echo "stand-in: cannot do: $*" >&2; exit 64; fi
if [ -z "$CLAUDE_CONFIG_DIR" ]; then echo "stand-in: no CLAUDE_CONFIG_DIR" >&2; exit 64; fi
mkdir -p "$CLAUDE_CONFIG_DIR/backups"
state="$CLAUDE_CONFIG_DIR/.claude.json"
# What stands in it stays, as with the real one.
kept=$(sed '$ s/}[[:space:]]*$//' "$state" 2>/dev/null)
case "$kept" in *'"'*) kept="$kept," ;; *) kept="{" ;; esac
echo "$kept"'"firstStartTime":"2026-01-01T00:00:00.000Z","userID":"stand-in"}' > "$state"
logged_in() {
  umask 077
  cat > "$CLAUDE_CONFIG_DIR/.credentials.json" <<END
{"claudeAiOauth":{"accessToken":"sk-ant-oat01-stand-in","refreshToken":"sk-ant-ort01-\${CLAUDE_CONFIG_DIR##*/}","expiresAt":4102444800000,"refreshTokenExpiresAt":4102444800000,"scopes":["user:inference","user:profile"],"subscriptionType":"max","rateLimitTier":"default_claude_max_5x"}}
END
  cat > "$state" <<END
$kept"firstStartTime":"2026-01-01T00:00:00.000Z","userID":"stand-in","oauthAccount":{"accountUuid":"11111111-1111-4111-8111-111111111111","organizationUuid":"22222222-2222-4222-8222-222222222222","emailAddress":"${LOGGED_IN_AS}","organizationName":"Person's Organization"}}
END
  echo "Login successful."
  exit 0
}
case "$STAND_IN_LOGIN" in
  ok) logged_in ;;
  code)
    printf 'Paste code here if prompted > '
    read -r code || exit 1
    case "$code" in good*) logged_in ;; *) echo "Login failed: Invalid code" >&2; exit 1 ;; esac ;;
  browser) echo "Opening browser to sign in..."; read -r line; exit 1 ;;
  browser-130) trap 'exit 130' INT; echo "Opening browser to sign in..."; read -r line; exit 1 ;;
  fail) echo "Login failed: no connection" >&2; exit 1 ;;
  nothing) exit 0 ;;
  *) echo "stand-in: STAND_IN_LOGIN is '$STAND_IN_LOGIN'" >&2; exit 64 ;;
esac
`;
