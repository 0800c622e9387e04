/**
 * What the tests answer at the address of Zendesk's app framework SDK: a client of the same protocol, written from
 * the facts of the protocol. An app finds it as the global `ZAFClient`.
 */
(() => {
  const HOSTS = [
    /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/,
    /^https:\/\/[^/]+\.(zendesk|zd-staging|zd-dev|zd-master|zendesk-staging|zendesk-dev)\.com$/,
  ];
  const VERSION = "2.0.0-stand-in";

  /** Asks and waits for answers; shared by the clients of all instances in one page. */
  function createWire(origin, appGuid) {
    const clients = new Map();
    const waiting = new Map();
    const queue = [];
    let registered;
    let lastId = 0;

    function post(message, early = false) {
      if (!registered && !early) queue.push(message);
      else window.parent.postMessage(JSON.stringify({ ...message, appGuid }), origin);
    }

    function settle({ id, result, error }) {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(error.name ? toError(error) : error);
      else resolve(result);
    }

    window.addEventListener("message", (event) => {
      if (event.origin !== origin || event.source !== window.parent) return;
      const data = parse(event.data);
      if (waiting.has(data?.id)) settle(data);
      else if (typeof data?.key === "string" && data.key.startsWith("zaf.")) {
        const name = data.key.slice("zaf.".length);
        if (name === "app.registered") {
          registered = data.message;
          for (const message of queue.splice(0)) post(message);
        }
        clients.get(data.instanceGuid ?? appGuid)?.receive(name, data.message);
      }
    });

    return {
      clients,
      post,
      registered: () => registered,
      ask(request, params, instanceGuid) {
        lastId += 1;
        const id = lastId;
        return new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          post({ id, request, params, instanceGuid });
        });
      },
      nextId: () => (lastId += 1),
    };
  }

  function parse(data) {
    if (typeof data !== "string") return data;
    try {
      return JSON.parse(data);
    } catch {
      return undefined;
    }
  }

  function toError({ message, name, path }) {
    const error = new Error(path ? `"${path}" ${message}` : message);
    error.name = name ?? "Error";
    return error;
  }

  /** The client of one instance: the page's own, or another location's. */
  function createClient(wire, guid, ownGuid) {
    const handlers = new Map();
    const isOwn = guid === ownGuid;
    const post = (key, message) => wire.post({ key, message, instanceGuid: guid });

    /** One path: the value, or the rejection of that path; several: all of it. */
    async function ask(request, params, single) {
      const result = await wire.ask(request, params, guid);
      const error = single === undefined ? undefined : result.errors?.[single];
      if (error) throw toError(error);
      return result;
    }

    const client = {
      ready: false,
      receive(name, message) {
        if (name === "app.registered") client.ready = true;
        // A copy: handlers take themselves off.
        for (const handler of (handlers.get(name) ?? []).slice()) handler(message);
      },
      postMessage: post,
      on(name, handler, context) {
        if (typeof handler !== "function") return;
        const list = handlers.get(name) ?? [];
        list.push(context ? handler.bind(context) : handler);
        handlers.set(name, list);
        if (name !== "app.registered") post(`iframe.on:${name}`, { subscriberCount: list.length });
      },
      off(name, handler) {
        const list = handlers.get(name);
        if (!list) return false;
        if (list.includes(handler)) list.splice(list.indexOf(handler), 1);
        post(`iframe.off:${name}`, { subscriberCount: list.length });
        return handler;
      },
      has: (name, handler) => handlers.get(name)?.includes(handler) ?? false,
      trigger: (name, data) => post(`iframe.trigger:${name}`, data),
      request(options) {
        if (!isOwn) return wire.clients.get(ownGuid).request(options);
        const key = `request:${wire.nextId()}`;
        return new Promise((resolve, reject) => {
          const stop = () => {
            client.off(`${key}.done`, done);
            client.off(`${key}.fail`, fail);
          };
          const done = ({ responseArgs }) => (stop(), resolve(responseArgs[0]));
          const fail = ({ responseArgs }) => (stop(), reject(responseArgs[0]));
          client.on(`${key}.done`, done);
          client.on(`${key}.fail`, fail);
          post(key, typeof options === "string" ? { url: options } : options);
        });
      },
      instance(instanceGuid) {
        if (typeof instanceGuid !== "string" || instanceGuid === "") {
          throw new Error("The instance method expects an `instanceGuid` string.");
        }
        const known = wire.clients.get(instanceGuid);
        return known ?? createClient(wire, instanceGuid, ownGuid);
      },
      async metadata() {
        return (await whenRegistered()).metadata;
      },
      async context() {
        if (isOwn) return (await whenRegistered()).context;
        return (await client.get(`instances.${guid}`))[`instances.${guid}`];
      },
      get(path) {
        const paths = Array.isArray(path) ? path : [path];
        if (!paths.every((one) => typeof one === "string")) {
          throw new Error("The get method accepts a string or array of strings.");
        }
        return ask("get", paths, Array.isArray(path) ? undefined : path);
      },
      set(key, value) {
        const single = typeof key === "string";
        return ask("set", single ? { [key]: value } : key, single ? key : undefined);
      },
      invoke(key, ...args) {
        const single = typeof key === "string";
        return ask("invoke", single ? { [key]: args } : key, single ? key : undefined);
      },
    };

    function whenRegistered() {
      const registered = wire.registered();
      if (registered) return Promise.resolve(registered);
      return new Promise((resolve) => wire.clients.get(ownGuid).on("app.registered", resolve));
    }

    wire.clients.set(guid, client);
    return client;
  }

  window.ZAFClient = {
    /** False when the page was not opened by a host. */
    init(callback, location = window.location) {
      const query = new URLSearchParams(location.search);
      const hash = new URLSearchParams(location.hash.slice(1));
      const origin = query.get("origin") ?? hash.get("origin");
      const guid = query.get("app_guid") ?? hash.get("app_guid");
      if (!origin || !guid) return false;
      if (!HOSTS.some((host) => host.test(origin))) {
        document.body.textContent = `Invalid domain ${origin}`;
        return false;
      }
      const wire = createWire(origin, guid);
      const client = createClient(wire, guid, guid);
      if (typeof callback === "function") client.on("app.registered", callback);
      wire.post(
        { key: "iframe.handshake", message: { version: VERSION }, instanceGuid: guid },
        true,
      );
      return client;
    },
  };
})();
