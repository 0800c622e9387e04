/** A process that holds the embedded database of its first argument open until its input ends. */
import { openDatabase } from "#platform/db/open";
import { silentLog } from "#test/support/silent-log";

const database = await openDatabase({ dataDir: process.argv[2] ?? "", log: silentLog });
console.log(database.url);
process.stdin.resume();
process.stdin.once("end", () => void database.close());
