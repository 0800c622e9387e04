/** A host for tests: answers what the app asks of the SDK, and plays the background page. */
import type { ZafRequest, ZafResponse } from "#app/src/zaf/client";

type Listener = (data: unknown) => void;

export class FakeZaf {
  readonly requests: ZafRequest[] = [];
  readonly triggered: { readonly guid: string; readonly event: string; readonly data: unknown }[] =
    [];
  readonly listeners = new Map<string, Set<Listener>>();
  instances: Record<string, { readonly location: string }> = {};
  /** What a background page does when it is asked. */
  onAsked: () => void = () => undefined;
  answer: (request: ZafRequest) => ZafResponse = () => ({ status: 204, responseText: "" });
  readonly values: Record<string, unknown> = {};

  readonly on = (event: string, listener: Listener): void => {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(listener));
  };

  readonly off = (event: string, listener: Listener): void => {
    this.listeners.get(event)?.delete(listener);
  };

  readonly get = async (path: string): Promise<Record<string, unknown>> => {
    if (path === "instances") return { instances: this.instances };
    if (!(path in this.values)) throw new Error(`"${path}" No such Api`);
    return { [path]: this.values[path] };
  };

  readonly instance = (guid: string) => ({
    trigger: (event: string, data?: unknown): void => {
      this.triggered.push({ guid, event, data });
      this.onAsked();
    },
  });

  /** Like the SDK: a refusal rejects with the response. */
  readonly request = async (request: ZafRequest): Promise<ZafResponse> => {
    this.requests.push(request);
    const response = this.answer(request);
    if (response.status >= 200 && response.status < 300) return response;
    throw response;
  };

  fire(event: string, data: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }
}
