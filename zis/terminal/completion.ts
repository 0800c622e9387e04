/** The script by which a shell completes the commands and options that a program declares. */
import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;

/** For zsh it is the one for bash, which zsh can load. */
export function completionScript(program: Command, shell: string): string {
  if (shell === "fish") return fishScript(program);
  return `${shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : ""}${bashScript(program)}`;
}

interface Place {
  /** The words that lead to the command. */
  readonly path: readonly string[];
  readonly command: Command;
}

/** Every command, those below others first. */
function placesIn(command: Command, path: readonly string[] = []): Place[] {
  const below = command.commands.flatMap((each) => placesIn(each, [...path, each.name()]));
  return [...below, { path, command }];
}

function bashScript(program: Command): string {
  const cases = placesIn(program).map(({ path, command }) => {
    const pattern = path.map((word) => `${word}\\ `).join("");
    const words = [
      ...command.commands.map((each) => each.name()),
      ...command.options.map(({ long }) => long),
    ];
    return `    ${pattern}*) words="${words.join(" ")} --help" ;;\n`;
  });
  const name = program.name();
  return `_${name}() {
  local words
  case "\${COMP_WORDS[*]:1:COMP_CWORD-1} " in
${cases.join("")}  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
}

function fishScript(program: Command): string {
  const lines = placesIn(program).flatMap(({ path, command }) => {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const complete = `complete -c ${program.name()} -n '${seen.join("; and ") || "__fish_use_subcommand"}'`;
    return [
      ...command.commands.map(
        (each) => `${complete} -a ${each.name()} -d ${quoted(each.summary())}`,
      ),
      ...command.options.map(
        ({ long = "", required, description }) =>
          `${complete} -l ${long?.slice(2)}${required ? " -r" : ""} -d ${quoted(description)}`,
      ),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
