/** `caseqa uninstall`: takes everything away that Zendesk lets be taken away. */
import { planUninstall, uninstall } from "#install/disable";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, type OpenAccount, withAccount } from "../account.ts";
import { deleteApp, findOwnApp } from "../zendesk-app/installations.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, type Io, Misuse } from "../command.ts";
import { Interrupted } from "../interrupted.ts";
import { readProject, writeProject } from "../project.ts";
import { reportRemoved } from "../removed-report.ts";

const APP_NAME = "CaseQA";

export const uninstallCommand: Command = {
  name: "uninstall",
  summary: "remove job specs, webhooks, connections, settings, the app and, if wanted, the links",
  help: `Usage: caseqa uninstall --yes [options]

Removes what Zendesk lets be removed and lists what stays (the integration's name and its bundle). The server's
own records stay; docs/uninstall.md says how to remove them.

  --yes           really do it
  --links         remove the links between tickets and cases too
  --keep-app      leave the app in the account
  --dry-run       show what would be removed
${ACCOUNT_HELP}
${EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, {
      flags: [...ACCOUNT_FLAGS, "yes", "links", "keep-app", "dry-run"],
    });
    requirePositionals(parsed);
    const dryRun = parsed.flag("dry-run");
    if (!dryRun && !parsed.flag("yes")) {
      throw new Misuse(
        "this removes the installation: repeat with --yes, or look first with --dry-run",
      );
    }
    const options = { links: parsed.flag("links") };
    return withAccount(io, parsed, async (account) => {
      io.progress.show("reading what is installed");
      const appId = parsed.flag("keep-app") ? undefined : await appToRemove(account);
      if (dryRun) {
        const plan = await planUninstall(account.context, options);
        const all = appId === undefined ? plan : [...plan, `app ${appId}`];
        io.progress.done();
        const text = all.map((what) => `→ would remove ${what}\n`).join("") || "Nothing to do.\n";
        io.out(parsed.flag("json") ? `${JSON.stringify({ dry_run: true, remove: all })}\n` : text);
        return EXIT.ok;
      }
      const removed = await uninstall(account.context, options);
      if (io.stop.aborted) throw stoppedAfter(removed.did, options.links);
      // The app is what an administrator could still mend things with: it goes last.
      const gone = removed.outcome !== "failed" && (await removeApp(io, account, appId));
      const did = gone ? [...removed.did, `app ${appId ?? ""}`] : removed.did;
      return reportRemoved(io, "uninstall", { ...removed, did }, parsed.flag("json"));
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
