/** The process of the command `zis`. */
import { endOnClosedPipe } from "../terminal/closed-pipe.ts";
import { runZis } from "./commands.ts";

const { stdin, stdout, stderr, env } = process;

endOnClosedPipe(stdout);

process.exitCode = await runZis(process.argv.slice(2), {
  stdin,
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "",
  columns: stdout.isTTY ? stdout.columns : 100,
});
