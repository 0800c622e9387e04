#!/usr/bin/env node
/** Where the command `caseqa` begins: on a Node that is too old it says so before anything of it is loaded. */
import { isNodeTooOld } from "#zis/model/node-version";

if (!isNodeTooOld("caseqa")) await import("./process.ts");
