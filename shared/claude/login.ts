import { launchEnvironment } from "./environment.ts";

/** The client's own login, to be started with the person's terminal as its own: `claude auth login` in the instance. */
export function loginCommand(
  client: string,
  instance: string,
  account: string,
  env: NodeJS.ProcessEnv,
): { file: string; args: string[]; env: Record<string, string> } {
  return { file: client, args: ["auth", "login"], env: launchEnvironment(env, instance, account).env };
}
