/** `caseqa init`: writes what this folder knows of the account. */
import { integrationName } from "#install/context";
import { INTEGRATION_NAME } from "#zis/model/names";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, Misuse } from "../command.ts";
import {
  integrationMessage,
  type Project,
  projectFile,
  readProject,
  serverOrigin,
  writeProject,
} from "../project.ts";
import { openZendesk } from "../zendesk-login.ts";

const SUBDOMAIN = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const initCommand: Command = {
  name: "init",
  summary: "write caseqa.json: the account, the integration's name, the server's address",
  help: `Usage: caseqa init --server-url URL [options]

Writes caseqa.json into this folder. It holds no secret and may be committed. The account is the one that
zcli is signed in to.

  --server-url URL     the actions server as Zendesk reaches it, by https; http only for this very machine
                       (default: CASEQA_SERVER_URL)
  --subdomain NAME     the account's name at Zendesk (default: the first part of its host)
  --integration NAME   default: caseqa_ and the subdomain; names are unique over all Zendesk accounts,
                       so take another when it is taken
  --force              replace a file that says something else
  --dry-run            print what would be written
  --json               one JSON object on stdout, nothing else
  --help               this text

${EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, {
      values: ["server-url", "subdomain", "integration"],
      flags: ["force", "dry-run", "json"],
    });
    requirePositionals(parsed);
    const url = parsed.value("server-url") ?? io.env["CASEQA_SERVER_URL"];
    if (url === undefined || url === "") throw new Misuse("--server-url is missing");
    const serverUrl = serverOrigin(url);
    const zendesk = await openZendesk(io);
    const subdomain = parsed.value("subdomain") ?? zendesk.subdomain;
    if (!SUBDOMAIN.test(subdomain)) throw new Misuse(`"${subdomain}" is not a subdomain`);
    const integration = parsed.value("integration") ?? integrationName(subdomain);
    if (!INTEGRATION_NAME.test(integration)) throw new Misuse(integrationMessage(integration));

    const before = parsed.flag("force") ? undefined : await readProject(io.cwd);
    const { host } = zendesk;
    const project: Project = { ...before, host, subdomain, integration, server_url: serverUrl };
    const file = projectFile(io.cwd);
    const differs = before !== undefined && JSON.stringify(before) !== JSON.stringify(project);
    if (differs) throw new Misuse(`${file} says something else; --force replaces it`);
    const dryRun = parsed.flag("dry-run");
    if (!dryRun && !before) await writeProject(io.cwd, project);
    if (parsed.flag("json")) {
      io.out(`${JSON.stringify({ file, written: !dryRun && !before, project })}\n`);
    } else {
      const what = dryRun ? "would hold:" : before ? "stays:" : "written:";
      io.out(`${file} ${what}\n${JSON.stringify(project, null, 2)}\n`);
      if (!dryRun) io.out("\nNext: caseqa install\n");
    }
    return EXIT.ok;
  },
};
