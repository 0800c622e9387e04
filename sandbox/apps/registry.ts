/** What an account keeps of its apps: uploads, jobs, apps with their key, installations with their settings. */
import { generateKeyPairSync } from "node:crypto";
import type { Json } from "#zis/model/json";
import type { AppPackage } from "./package.ts";

export interface AppRecord {
  readonly id: number;
  readonly name: string;
  readonly package: AppPackage;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface InstallationRecord {
  readonly id: number;
  readonly appId: number;
  readonly product: string;
  readonly enabled: boolean;
  /** Secure ones included; the API never shows those. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Null: everybody sees it. */
  readonly roleRestrictions: readonly number[] | null;
  readonly groupRestrictions: readonly number[] | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface JobRecord {
  readonly id: string;
  readonly status: "completed" | "failed";
  readonly message: string;
  readonly appId: number | null;
  /** How often it still answers `working`. */
  readonly pollsLeft: number;
}

export interface AppRegistry {
  addUpload(app: AppPackage): number;
  upload(id: number): AppPackage | undefined;
  createApp(name: string, app: AppPackage): AppRecord;
  /** All installations of the app get the new package at once. */
  updateApp(id: number, app: AppPackage): AppRecord | undefined;
  app(id: number): AppRecord | undefined;
  apps(): readonly AppRecord[];
  /** With all its installations. */
  deleteApp(id: number): boolean;
  addJob(job: Omit<JobRecord, "id">): JobRecord;
  /** The job as it answers now. */
  pollJob(id: string): JobRecord | undefined;
  install(
    made: Pick<InstallationRecord, "appId" | "product" | "settings" | "enabled">,
  ): InstallationRecord;
  installation(id: number): InstallationRecord | undefined;
  installations(): readonly InstallationRecord[];
  changeInstallation(
    id: number,
    change: Partial<
      Pick<InstallationRecord, "enabled" | "settings" | "roleRestrictions" | "groupRestrictions">
    >,
  ): InstallationRecord | undefined;
  uninstall(id: number): boolean;
}

export interface RegistryOptions {
  readonly now: () => Date;
  readonly newId: () => string;
}

const FIRST_ID = 900_001;

/** An account without apps. */
export function createAppRegistry({ now, newId }: RegistryOptions): AppRegistry {
  let lastId = FIRST_ID - 1;
  const nextId = () => (lastId += 1);
  const uploads = new Map<number, AppPackage>();
  const jobs = new Map<string, JobRecord>();
  const apps = new Map<number, AppRecord>();
  const installations = new Map<number, InstallationRecord>();

  return {
    addUpload(app) {
      const id = nextId();
      uploads.set(id, app);
      return id;
    },
    upload: (id) => uploads.get(id),
    createApp(name, app) {
      const at = now().toISOString();
      const record = { id: nextId(), name, package: app, ...keyPair() };
      const made: AppRecord = { ...record, createdAt: at, updatedAt: at };
      apps.set(made.id, made);
      return made;
    },
    updateApp(id, app) {
      const known = apps.get(id);
      if (!known) return undefined;
      const updated: AppRecord = { ...known, package: app, updatedAt: now().toISOString() };
      apps.set(id, updated);
      return updated;
    },
    app: (id) => apps.get(id),
    apps: () => [...apps.values()],
    deleteApp(id) {
      for (const { id: installation, appId } of installations.values()) {
        if (appId === id) installations.delete(installation);
      }
      return apps.delete(id);
    },
    addJob(job) {
      const record = { ...job, id: newId() };
      jobs.set(record.id, record);
      return record;
    },
    pollJob(id) {
      const job = jobs.get(id);
      if (job) jobs.set(id, { ...job, pollsLeft: Math.max(0, job.pollsLeft - 1) });
      return job;
    },
    install(made) {
      const at = now().toISOString();
      const record: InstallationRecord = {
        ...made,
        id: nextId(),
        roleRestrictions: null,
        groupRestrictions: null,
        createdAt: at,
        updatedAt: at,
      };
      installations.set(record.id, record);
      return record;
    },
    installation: (id) => installations.get(id),
    installations: () => [...installations.values()],
    changeInstallation(id, change) {
      const known = installations.get(id);
      if (!known) return undefined;
      const changed = { ...known, ...change, updatedAt: now().toISOString() };
      installations.set(id, changed);
      return changed;
    },
    uninstall: (id) => installations.delete(id),
  };
}

/** One key per app, with which Zendesk signs what it posts to signed locations. */
function keyPair(): Pick<AppRecord, "publicKey" | "privateKey"> {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
