/** Which version of the command this is. A test compares it with package.json, which a compiled command does not carry. */
export const VERSION = "0.1.0";
