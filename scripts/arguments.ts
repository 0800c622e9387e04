/** What the commands share about their command lines. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/**
 * The number that an option's text names.
 *
 * @throws Error naming the option, the range and the text
 */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

/**
 * The one option of the commands that build something: the folder, made absolute. Undefined when help was asked for.
 * Throws on misuse.
 */
export function readOut(byDefault: string): string | undefined {
  const { values } = parseArgs({
    options: { out: { type: "string", default: byDefault }, help: { type: "boolean" } },
  });
  return values.help === true ? undefined : resolve(values.out);
}

/**
 * Runs a command with its options: undefined options ask for help, an error in reading them is misuse.
 *
 * @returns the exit code: 0 after help, 2 on misuse, else the command's own
 */
export async function withOptions<Options>(
  help: string,
  read: () => Options | undefined,
  run: (options: Options) => number | Promise<number>,
): Promise<number> {
  let options: Options | undefined;
  try {
    options = read();
  } catch (error) {
    // Node's own messages go on with advice on positional arguments, which none of our scripts takes.
    const [cause] = (error as Error).message.split(". ");
    process.stderr.write(`${cause?.replace(/\.$/, "")}. Add --help for the options.\n`);
    return 2;
  }
  if (options !== undefined) return run(options);
  process.stdout.write(help);
  return 0;
}
