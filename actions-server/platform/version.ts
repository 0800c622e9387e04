/** Which version of this server runs. A test compares it with package.json, which a compiled server does not carry. */
export const VERSION = "0.1.0";
