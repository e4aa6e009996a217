import { type ArgsDef, defineCommand } from "citty";
import { instanceOf, readConfig, requireAccount, requireValid } from "../../../shared/index.ts";
import { home } from "../../home.ts";
import { logIn, loginFailed, requireClient } from "../../login.ts";
import { out } from "../../output.ts";
import { loginLong } from "../../render/login.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account there is" },
} as const satisfies ArgsDef;

export const examples = ["ccs auth login work"];

export const command = defineCommand({
  meta: { name: "login" },
  args,
  async run({ args }) {
    const there = home();
    const config = readConfig(there);
    requireValid(config);
    const { name } = requireAccount(config, args.account);
    const end = await logIn(requireClient(), instanceOf(there, name), name);
    if (end.code !== 0 || !end.identity.loggedIn) {
      throw loginFailed(name, end, "ccs itself changed nothing.", `Try again: ccs auth login ${name}`);
    }
    out(`${name} is logged in: ${loginLong(end.identity, Date.now())}.\n`);
  },
});
