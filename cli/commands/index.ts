import type { Family } from "./types.ts";

/** Every command there is. What a command needs is loaded when it is run, or when its usage is asked for. */
export const ROOT: Family = {
  description: "Several Claude Code logins, and one history where you choose it.",
  commands: {
    auth: {
      description: "accounts: create, log in, list, and whose history each sees",
      commands: {
        create: { description: "make an account and log in", load: () => import("./auth/create.ts") },
        import: { description: "make an account from the history and settings there are", load: () => import("./auth/import.ts") },
        login: { description: "log an account in again", load: () => import("./auth/login.ts") },
        list: { description: "all accounts", load: () => import("./auth/list.ts") },
        show: { description: "everything about one account", load: () => import("./auth/show.ts") },
        edit: { description: "change whose history an account sees (Edit History Sync)", load: () => import("./auth/edit.ts") },
        rename: { description: "give an account another name", load: () => import("./auth/rename.ts") },
        remove: { description: "take an account out; its files are set aside, without its login", load: () => import("./auth/remove.ts") },
        restore: { description: "bring back an account that was removed", load: () => import("./auth/restore.ts") },
        default: { description: "the account that `ccs` alone starts: say it, or set it", load: () => import("./auth/default.ts") },
        "reset-default": { description: "have no default account any more", load: () => import("./auth/reset-default.ts") },
      },
      examples: ["ccs auth create work", "ccs auth list", "ccs auth edit work --context-group sprint-a"],
    },
    config: { description: "the dashboard, in your browser: accounts, history sync, groups, doctor", load: () => import("./config.ts") },
    group: {
      description: "context groups: who shares a history, and what is in it",
      commands: {
        list: { description: "all context groups", load: () => import("./group/list.ts") },
        show: { description: "everything about one context group", load: () => import("./group/show.ts") },
        resolve: { description: "choose between files that two accounts brought under one name", load: () => import("./group/resolve.ts") },
      },
      examples: ["ccs group list", "ccs group show sprint-a"],
    },
    use: { description: "the account that `ccs` alone starts in a directory", load: () => import("./use.ts") },
    which: { description: "which account `ccs` alone starts here, and why", load: () => import("./which.ts") },
    env: { description: "shell code that makes Claude Code an account's, for direnv and scripts", load: () => import("./env.ts") },
    statusline: { description: "a status line for Claude Code: account, policy, limits", load: () => import("./statusline.ts") },
    sessions: { description: "find a session of any account by what was said, and go on with it", load: () => import("./sessions.ts") },
    undo: { description: "take back the last change of whose history an account sees", load: () => import("./undo.ts") },
    doctor: { description: "look for problems, and mend them", load: () => import("./doctor.ts") },
    install: {
      description: "put ccs, its completions and its manual page where your shells find them",
      load: () => import("./install.ts"),
    },
    uninstall: {
      description: "take ccs away again; every history and login stays usable without it",
      load: () => import("./uninstall.ts"),
    },
    completions: { description: "completions for bash, zsh, fish and PowerShell", load: () => import("./completions.ts") },
    help: { description: "how a command is used", load: () => import("./help.ts") },
  },
  examples: [
    "ccs auth create work --share-context",
    "ccs work                      start Claude Code as work",
    "ccs work --continue           everything after the account goes to Claude Code",
    "ccs                           start the account of the folder, or the default account",
    "ccs -                         start the account used before the last one",
  ],
};
