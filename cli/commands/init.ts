/** `caseqa init`: writes caseqa.json, which says which account this folder administers. */
import { withExits, type DryRunOption, type JsonOption } from "../options.ts";
import { UsageError } from "#zis/terminal/usage-error";
import { integrationName } from "#install/context";
import { INTEGRATION_NAME } from "#zis/model/names";
import { type Command, EXIT } from "../command.ts";
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

interface InitOptions extends JsonOption, DryRunOption {
  readonly serverUrl?: string;
  readonly subdomain?: string;
  readonly integration?: string;
  readonly force?: true;
}

export const initCommand: Command<InitOptions> = {
  name: "init",
  declare: (command) =>
    withExits(
      command
        .summary("write caseqa.json: the account, the integration's name, the server's address")
        .description(`Writes caseqa.json into this folder. It holds no secret and may be committed. The account is the one that
zcli is signed in to.`)
        .usage("--server-url URL [options]")
        .option(
          "--server-url <URL>",
          "the actions server's address as Zendesk reaches it, https; http only on this machine (default: CASEQA_SERVER_URL)",
        )
        .option(
          "--subdomain <NAME>",
          "the account's name at Zendesk (default: the first part of its host)",
        )
        .option(
          "--integration <NAME>",
          "the integration's name, unique over all Zendesk accounts: choose another if it is taken (default: caseqa_ and the subdomain)",
        )
        .option("--force", "replace a file that differs")
        .option("--dry-run", "print what would be written")
        .option("--json", "one JSON object on stdout, nothing else"),
    ),
  async run(io, _words, options) {
    const { dryRun, force, json } = options;
    const url = options.serverUrl ?? io.env["CASEQA_SERVER_URL"];
    if (url === undefined || url === "") throw new UsageError("--server-url is missing");
    const serverUrl = serverOrigin(url);
    const zendesk = await openZendesk(io);
    const subdomain = options.subdomain ?? zendesk.subdomain;
    if (!SUBDOMAIN.test(subdomain)) throw new UsageError(`"${subdomain}" is not a subdomain`);
    const integration = options.integration ?? integrationName(subdomain);
    if (!INTEGRATION_NAME.test(integration)) throw new UsageError(integrationMessage(integration));

    const before = force ? undefined : await readProject(io.cwd);
    const { host } = zendesk;
    const project: Project = { ...before, host, subdomain, integration, server_url: serverUrl };
    const file = projectFile(io.cwd);
    const differs = before !== undefined && JSON.stringify(before) !== JSON.stringify(project);
    if (differs) throw new UsageError(`${file} differs; --force replaces it`);
    if (!dryRun && !before) await writeProject(io.cwd, project);
    if (json) {
      io.out(`${JSON.stringify({ file, written: !dryRun && !before, project })}\n`);
    } else {
      const what = dryRun ? "would hold:" : before ? "stays:" : "written:";
      io.out(`${file} ${what}\n${JSON.stringify(project, null, 2)}\n`);
      if (!dryRun) io.out("\nNext: caseqa install\n");
    }
    return EXIT.ok;
  },
};
