import { join } from "node:path";

/** The compiled program: what a person runs is what is tested. */
export const BINARY = process.env["CCS_TEST_BINARY"] ?? join(import.meta.dir, "../../dist/ccs");
