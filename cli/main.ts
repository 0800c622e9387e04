#!/usr/bin/env node
/** The entry point of the command `caseqa`: reports a Node that is too old before it loads anything else. */
import { isNodeTooOld } from "#zis/model/node-version";

if (!isNodeTooOld("caseqa")) await import("./process.ts");
