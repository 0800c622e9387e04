/** Everything of ours in an account, as tasks that remove it. */
import { ask } from "./ask.ts";
import { deleteConfig, findConfigs } from "./configs.ts";
import { connectionNames, connectionsPath, listConnections } from "./connections.ts";
import type { StepContext } from "./context.ts";
import { collect, deleteLink, everyLink } from "./links.ts";
import { OUR_SCOPES } from "./notes.ts";
import type { Task } from "./removal.ts";
import { deleteWebhook, listNoted } from "./webhooks.ts";
import { listJobSpecs, setInstalled } from "./zis-api.ts";

export async function jobSpecTasks(context: StepContext): Promise<readonly Task[]> {
  const installed = (await listJobSpecs(context)).filter((spec) => spec.installed);
  return installed.map(({ name }) => ({
    what: `job spec ${name}`,
    remove: () => setInstalled(context, name, false),
  }));
}

export async function webhookTasks(context: StepContext): Promise<readonly Task[]> {
  return (await listNoted(context)).map(({ uuid, event }) => ({
    what: `webhook ${event} ${uuid}`,
    remove: () => deleteWebhook(context, uuid),
  }));
}

/** Only those that our bundle names: other connections of the integration are not ours. */
export async function connectionTasks(context: StepContext): Promise<readonly Task[]> {
  const ours = connectionNames(context.template.bundle);
  return (await listConnections(context))
    .filter(({ name, type }) => ours.includes(name) && type !== "oauth")
    .map(({ name, type }) => ({
      what: `connection ${name}`,
      remove: () =>
        ask(
          context.callZendesk,
          {
            method: "DELETE",
            path: `${connectionsPath(context.integration)}/${type}/${name}`,
            as: "integration",
          },
          `delete the connection ${name}`,
          [404],
        ),
    }));
}

export async function linkTasks(context: StepContext): Promise<readonly Task[]> {
  return (await collect(everyLink(context))).map((link) => ({
    what: `link ${link.leftName} ${link.rightName}`,
    remove: () => deleteLink(context, link),
  }));
}

export async function configTasks(
  context: StepContext,
  goes: (scope: string) => boolean,
): Promise<readonly Task[]> {
  const configs = await findConfigs(context, OUR_SCOPES);
  return configs
    .filter(({ scope }) => goes(scope))
    .map(({ scope }) => ({
      what: `Config ${scope}`,
      remove: () => deleteConfig(context, scope),
    }));
}
