/** Entry point of the compiled server: reports a Node that is too old before loading anything else. */
import { isNodeTooOld } from "./config/node-version.ts";

if (!isNodeTooOld("The actions server of CaseQA")) await import("./main.ts");
