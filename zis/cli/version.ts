/** Which version of the package `zis-local` this is; the packed package.json takes it from here. */
export const VERSION = "0.1.0";
