import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { homeOf } from "../../../shared/index.ts";
import { runClient } from "../../engine/support/client.ts";
import { logIn, loginOf } from "../../real-client/support/login.ts";
import { makePerson, type Person } from "../../support/person.ts";

/** A person who works in a folder, with accounts that are told apart by their logins. */
export interface Resident extends Person {
  /** Where an editor stands open. */
  readonly folder: string;
  /**
   * Makes an account with the command line and logs it in as `<name>@example.invalid`.
   * @param policy arguments of `ccs auth edit`; isolated where there are none
   * @param sessions how many it has of its own, before it joins a group
   */
  account(name: string, policy?: readonly string[], sessions?: number): Promise<void>;
  /** Has a client of an account run, as far as files tell, until what is returned is called. */
  running(account: string): () => void;
}

export function makeResident(): Resident {
  const person = makePerson();
  const folder = join(person.root, "work");
  mkdirSync(folder);
  return {
    ...person,
    folder,
    async account(name, policy = [], sessions = 0) {
      await person.must("auth", "create", name, "--no-login");
      logIn(person.instance(name), loginOf(name), [folder]);
      for (let at = 1; at <= sessions; at++) person.session(name, `session ${at} of ${name}`);
      if (policy.length > 0) await person.must("auth", "edit", name, ...policy, "--yes");
    },
    running(account) {
      const client = runClient(homeOf({ CCS_DIR: person.ccsDir }, person.home, person.root), account);
      return () => client[Symbol.dispose]();
    },
  };
}
