/**
 * What a config.yaml we make begins with. `@kaitranntt/ccs` reads none whose `version` is not a number from 1 on, and writes
 * one of a version below its own anew, with all its defaults and without the comments (seen with 7.79.1, whose own is 13).
 */
export const NEW_CONFIG = "version: 13\n";
