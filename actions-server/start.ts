/** Where the compiled server begins: on a Node that is too old it says so before anything of it is loaded. */
import { isNodeTooOld } from "./config/node-version.ts";

if (!isNodeTooOld("The actions server of CaseQA")) await import("./main.ts");
