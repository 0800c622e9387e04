/** The peers of the benchmark: installed from a manifest of their own when they are not there. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** What is used of aws-local-stepfunctions. */
export interface AslMachine {
  run(
    input: object,
    options?: { readonly noThrowOnAbort: boolean },
  ): {
    readonly abort: () => void;
    readonly result: Promise<unknown>;
    readonly eventLogs: AsyncGenerator<{ readonly type: string }>;
  };
}

export interface Peers {
  /** A machine; the definition is validated first unless `validate` is false. */
  createMachine(definition: object, validate: boolean): AslMachine;
  validateAsl(definition: object): { readonly isValid: boolean };
  /** Package name to version. */
  readonly versions: Readonly<Record<string, string>>;
}

type MachineClass = new (definition: object, options: object) => AslMachine;

/** Loaded by name from the manifest in peers/, never as dependencies of the project itself. */
const INTERPRETER = "aws-local-stepfunctions";
const VALIDATOR = "asl-validator";

const MANIFEST = new URL("peers/package.json", import.meta.url);

/** Finds what the manifest in peers/ names, after an `npm ci` of its pinned versions where one is missing. */
export async function findPeers(): Promise<{
  readonly require: NodeJS.Require;
  readonly versions: Peers["versions"];
}> {
  const { dependencies: versions } = readJson(MANIFEST) as Pick<Manifest, "dependencies">;
  if (!Object.entries(versions).every(([name, version]) => installed(name) === version)) {
    await install();
  }
  return { require: createRequire(MANIFEST), versions };
}

/** Loads the peers of the engine and the checker. */
export async function loadPeers(): Promise<Peers> {
  const { require, versions } = await findPeers();
  const { StateMachine } = require(INTERPRETER) as {
    readonly StateMachine: MachineClass;
  };
  const validateAsl = require(VALIDATOR) as Peers["validateAsl"];
  return {
    versions,
    validateAsl,
    createMachine: (definition, validate) =>
      new StateMachine(definition, { validationOptions: { noValidate: !validate } }),
  };
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function readJson(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The version of a peer that is there, if it is. */
export function installed(name: string): string | undefined {
  try {
    const manifest = readJson(new URL(`node_modules/${name}/package.json`, MANIFEST));
    return (manifest as Manifest).version;
  } catch {
    return undefined;
  }
}

async function install(): Promise<void> {
  const folder = fileURLToPath(new URL(".", MANIFEST));
  const args = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  console.log(`The peers are not installed yet: npm ${args.join(" ")}`);
  const child = spawn("npm", args, { stdio: "inherit" });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(`npm ci ended with ${String(code)}; the peers cannot be measured.`);
}
