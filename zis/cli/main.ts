#!/usr/bin/env node
/** Where the command `zis` begins: on a Node that is too old it says so before anything of it is loaded. */
import { isNodeTooOld } from "../model/node-version.ts";

if (!isNodeTooOld("zis")) await import("./process.ts");
