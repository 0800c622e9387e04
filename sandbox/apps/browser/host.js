/**
 * Plays the agent interface around an installed app: embeds its locations and answers the app framework's protocol.
 * For tests `window.zafHost` shows what the app asked for and switches the colours.
 */
import { sendRequest } from "./host-request.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const instances = new Map();
const asked = [];
let colorScheme = boot.colorScheme;

function contextOf({ guid, place }) {
  const { product, location } = place;
  return { product, location, instanceGuid: guid, account: { subdomain: boot.account.subdomain } };
}

function post(instance, message) {
  const target = instance.frame.contentWindow;
  target?.postMessage(JSON.stringify({ ...message, appGuid: instance.guid }), instance.origin);
}

/** Calls everybody who listens to `name` at the instance. */
function fire(guid, name, message) {
  for (const listener of instances.values()) {
    if (listener.listens.has(`${guid} ${name}`)) {
      post(listener, { key: `zaf.${name}`, message, instanceGuid: guid });
    }
  }
}

/** The value at a path that `get` names, or undefined. */
function read(path) {
  const list = Object.fromEntries([...instances].map(([guid, one]) => [guid, contextOf(one)]));
  const [first, ...rest] = path.split(".");
  const roots = {
    colorScheme,
    currentAccount: boot.account,
    currentUser: boot.user,
    instances: list,
  };
  return rest.reduce((value, name) => value?.[name], roots[first]);
}

const invocations = {
  resize({ frame }, { width, height } = {}) {
    if (width !== undefined) frame.style.inlineSize = toLength(width);
    if (height !== undefined) frame.style.blockSize = toLength(height);
  },
  notify(_instance, text, kind = "notice") {
    const note = document.createElement("p");
    note.dataset.kind = kind;
    note.textContent = text;
    document.getElementById("notices").replaceChildren(note);
  },
  routeTo() {},
  // The official SDK counts clicks by itself.
  track() {},
  show({ frame }) {
    frame.hidden = false;
  },
  hide({ frame }) {
    frame.hidden = true;
  },
  focus({ frame }) {
    frame.focus();
  },
};

function toLength(size) {
  return typeof size === "number" || /^\d+$/.test(size) ? `${size}px` : size;
}

/** Answers get, set and invoke: what succeeded by its name, what failed below `errors`. */
function answer(instance, { id, request, params }) {
  const result = { errors: {} };
  const fail = (path, message) => {
    result.errors[path] = { message, name: "Error", path };
  };
  const names = Array.isArray(params) ? params : Object.keys(params);
  for (const name of names) {
    asked.push({ location: instance.place.location, request, name, value: params[name] });
    if (request === "get") {
      const value = read(name);
      if (value === undefined) fail(name, "No such Api");
      else result[name] = value;
    } else if (request === "invoke" && Object.hasOwn(invocations, name)) {
      result[name] = invocations[name](instance, ...params[name]) ?? null;
    } else {
      fail(name, "No such Api");
    }
  }
  post(instance, { id, result });
}

function register(instance) {
  const { app, installation } = boot;
  const metadata = {
    appId: app.id,
    name: app.name,
    version: app.version,
    installationId: installation.id,
    settings: installation.settings,
    plan: { name: null },
  };
  const message = { metadata, context: contextOf(instance) };
  post(instance, { key: "zaf.app.registered", message, instanceGuid: instance.guid });
}

function listen(instance, target, name, count) {
  const key = `${target} ${name}`;
  if (count === 0) instance.listens.delete(key);
  else instance.listens.add(key);
  // Each instance is notified once that it is on the screen.
  if (count > 0 && name === "app.activated" && target === instance.guid && !instance.activated) {
    instance.activated = true;
    fire(target, name, { firstLoad: true });
  }
}

async function passOn(instance, key, options) {
  asked.push({ location: instance.place.location, request: "request", name: options.url });
  const { failed, args } = await sendRequest(options, boot);
  const name = `${key}.${failed ? "fail" : "done"}`;
  post(instance, {
    key: `zaf.${name}`,
    message: { responseArgs: args },
    instanceGuid: instance.guid,
  });
}

function receive(instance, { key, message, instanceGuid = instance.guid }) {
  const [, verb, name] = /^(?:iframe\.)?([a-z_]+)(?::(.+))?$/i.exec(key) ?? [];
  if (verb === "handshake") register(instance);
  else if (verb === "on") listen(instance, instanceGuid, name, message.subscriberCount);
  else if (verb === "off") listen(instance, instanceGuid, name, message.subscriberCount);
  else if (verb === "trigger") fire(instanceGuid, name, message);
  else if (verb === "request") void passOn(instance, key, message);
}

window.addEventListener("message", (event) => {
  for (const instance of instances.values()) {
    const isFrom =
      instance.frame.contentWindow === event.source && instance.origin === event.origin;
    if (!isFrom || typeof event.data !== "string") continue;
    const data = JSON.parse(event.data);
    if (data.request) answer(instance, data);
    else if (typeof data.key === "string") receive(instance, data);
  }
});

/** Zendesk posts a signed token to a signed location; others are simply opened. */
async function open(frame, place, guid) {
  const url = new URL(place.url);
  url.searchParams.set("origin", window.location.origin);
  url.searchParams.set("app_guid", guid);
  url.searchParams.set("colorScheme", colorScheme);
  if (!place.signed) {
    frame.src = url.href;
    return;
  }
  const response = await fetch("/zaf/token", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": boot.csrf },
    body: JSON.stringify({ installation_id: boot.installation.id, location: place.location }),
  });
  const { token } = await response.json();
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url.href, target: frame.name, hidden: true });
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "token", value: token });
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}

function embed(place) {
  const guid = crypto.randomUUID();
  const frame = document.createElement("iframe");
  frame.name = guid;
  frame.title = place.location === "background" ? "" : boot.app.name;
  frame.dataset.location = place.location;
  // No `allow-modals`: the native dialogs are blocked.
  frame.setAttribute(
    "sandbox",
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads",
  );
  if (place.location === "background") {
    frame.hidden = true;
    frame.setAttribute("aria-hidden", "true");
  }
  const origin = new URL(place.url).origin;
  instances.set(guid, { guid, place, frame, origin, listens: new Set(), activated: false });
  document.getElementById("app").append(frame);
  void open(frame, place, guid);
}

function setColorScheme(next) {
  colorScheme = next;
  document.documentElement.dataset.colorScheme = next;
  for (const guid of instances.keys()) fire(guid, "colorScheme.changed", next);
}

document.getElementById("scheme")?.addEventListener("click", () => {
  setColorScheme(colorScheme === "dark" ? "light" : "dark");
});
window.zafHost = { asked, fire, instances, setColorScheme };
for (const place of boot.places) embed(place);
