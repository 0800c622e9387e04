/** A log for tests that look at none. */
import type { Log } from "#platform/log";

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
