/** Puts a built app into the stand-in's account by the same calls as zcli: upload, job, installation. */
import type { WorldCard } from "../world.ts";
import { readAppPackage } from "#app-package/folder";
import { zip } from "#app-package/zip";

type Answer = Readonly<Record<string, number | string>>;

/**
 * @param folder as `buildApp` made it
 * @returns the app's id
 */
export async function putApp(card: WorldCard, folder: string): Promise<number> {
  const { url, adminEmail, apiToken } = card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const call = async (method: string, path: string, body?: FormData | string): Promise<Answer> => {
    const json = typeof body === "string" ? { "content-type": "application/json" } : {};
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Basic ${basic}`, ...json },
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return (await response.json()) as Answer;
  };
  const form = new FormData();
  const { files } = await readAppPackage(folder);
  const packed = zip([...files].map(([path, { bytes }]) => ({ path, content: bytes })));
  form.append("uploaded_data", new Blob([new Uint8Array(packed)]), "app.zip");
  const { id: upload_id } = await call("POST", "/api/v2/apps/uploads.json", form);
  const app = JSON.stringify({ upload_id, name: "CaseQA" });
  const { job_id } = await call("POST", "/api/apps.json", app);
  const { app_id } = await call("GET", `/api/v2/apps/job_statuses/${job_id}`);
  const settings = { name: "CaseQA", server_url: card.server.url };
  const installation = JSON.stringify({ app_id: String(app_id), settings });
  await call("POST", "/api/support/apps/installations.json", installation);
  return Number(app_id);
}
