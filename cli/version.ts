declare const CCS_VERSION: string;

/** Written in by the build; outside of one there is none. */
export const VERSION: string = typeof CCS_VERSION === "string" ? CCS_VERSION : "0.0.0";
