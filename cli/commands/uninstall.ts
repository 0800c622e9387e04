/** `caseqa uninstall`: removes everything that Zendesk allows to be removed. */
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { UsageError } from "#zis/terminal/usage-error";
import { planUninstall, uninstall } from "#install/disable";
import { type OpenAccount, withAccount } from "../account.ts";
import { deleteApp, findOwnApp } from "../zendesk-app/installations.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { Interrupted } from "#zis/terminal/interrupt";
import { readProject, writeProject } from "../project.ts";
import { reportRemoved } from "../removed-report.ts";

const APP_NAME = "CaseQA";

interface UninstallOptions extends AccountOptions, DryRunOption {
  readonly yes?: true;
  readonly links?: true;
  readonly keepApp?: true;
}

export const uninstallCommand: Command<UninstallOptions> = {
  name: "uninstall",
  declare: (command) =>
    onAccount(
      command
        .summary(
          "remove job specs, webhooks, connections, settings, the app and, if wanted, the links",
        )
        .description(`Removes what Zendesk allows to be removed, and lists what stays (the integration's name and its bundle). The
server's own records stay; docs/uninstall.md says how to remove them.`)
        .usage("--yes [options]")
        .option("--yes", "really do it")
        .option("--links", "remove the links between tickets and cases too")
        .option("--keep-app", "leave the app in the account")
        .option("--dry-run", "show what would be removed"),
    ),
  async run(io, _words, options) {
    const { yes, links = false, keepApp, dryRun, json } = options;
    if (!dryRun && !yes) {
      throw new UsageError(
        "this removes the installation: repeat with --yes, or look first with --dry-run",
      );
    }
    return withAccount(io, options, async (account) => {
      io.progress.show("reading what is installed");
      const appId = keepApp ? undefined : await appToRemove(account);
      if (dryRun) {
        const plan = await planUninstall(account.context, { links });
        const all = appId === undefined ? plan : [...plan, `app ${appId}`];
        io.progress.done();
        const text = all.map((what) => `→ would remove ${what}\n`).join("") || "Nothing to do.\n";
        io.out(json ? `${JSON.stringify({ dry_run: true, remove: all })}\n` : text);
        return EXIT.ok;
      }
      const removed = await uninstall(account.context, { links });
      if (io.stop.aborted) throw stoppedAfter(removed.did, links);
      // The app goes last, because an administrator can still repair things with it.
      const gone = removed.outcome !== "failed" && (await removeApp(io, account, appId));
      const did = gone ? [...removed.did, `app ${appId ?? ""}`] : removed.did;
      return reportRemoved(io, "uninstall", { ...removed, did }, json);
    });
  },
};

function stoppedAfter(did: readonly string[], links: boolean): Interrupted {
  const again = links ? "caseqa uninstall --yes --links" : "caseqa uninstall --yes";
  const done = did.length === 0 ? "nothing" : did.join(", ");
  return new Interrupted(
    "the uninstallation was stopped",
    `Removed so far: ${done}. The rest is still there, and so is the app.\n    Run ${again} again to remove the rest, or caseqa install to bring everything back.`,
  );
}

async function appToRemove({ zendesk, project }: OpenAccount): Promise<string | undefined> {
  return project.app_id ?? findOwnApp(zendesk.call, APP_NAME);
}

async function removeApp(
  io: Io,
  { zendesk, project }: OpenAccount,
  appId: string | undefined,
): Promise<boolean> {
  if (appId === undefined) return false;
  io.progress.show("removing the app");
  const gone = await deleteApp(zendesk.call, appId);
  const { host, subdomain, integration, server_url } = project;
  const rest = { host, subdomain, integration, server_url };
  if (project.app_id !== undefined && (await readProject(io.cwd))) await writeProject(io.cwd, rest);
  return gone;
}
