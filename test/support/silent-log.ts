/** A log for tests that look at none. */
import type { Log } from "../../actions-server/handlers.ts";

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
