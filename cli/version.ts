/** The version of the command. A test compares it with package.json, which a compiled command does not include. */
export const VERSION = "0.1.0";
