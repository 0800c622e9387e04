/** An app's request, as the host sends it: to Zendesk with the person's session, elsewhere through the proxy. */

/**
 * @returns what the app's promise is settled with. Options are those of jQuery's ajax, which apps are written to.
 */
export async function sendRequest(options, boot) {
  const request = prepare(options);
  try {
    const answer = await dispatch(request, options, boot);
    return settle(answer, options);
  } catch (error) {
    const failure = { status: 0, statusText: "error", responseText: "", readyState: 0 };
    return { failed: true, args: [failure, "error", String(error)] };
  }
}

/** Method, address, headers and body by jQuery's rules: an object is a form unless the app said otherwise. */
function prepare(options) {
  const method = String(options.type ?? options.method ?? "GET").toUpperCase();
  const url = new URL(options.url, window.location.origin);
  const headers = { accept: "*/*", ...lowerCased(options.headers) };
  const { data } = options;
  if (data === undefined || data === null || data === "") return { method, url, headers };
  const text = typeof data === "string" ? data : new URLSearchParams(data).toString();
  if (method === "GET" || method === "HEAD") {
    url.search = [url.search.replace(/^\?/, ""), text].filter((part) => part !== "").join("&");
    return { method, url, headers };
  }
  const type = options.contentType ?? "application/x-www-form-urlencoded; charset=UTF-8";
  if (type !== false) headers["content-type"] ??= type;
  return { method, url, headers, body: text };
}

function lowerCased(headers = {}) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

async function dispatch(request, options, boot) {
  const { method, url, headers, body } = request;
  if (url.origin === window.location.origin) {
    const writes = method !== "GET" && method !== "HEAD";
    const extra = writes ? { "x-csrf-token": boot.csrf } : {};
    const sent = { ...headers, ...extra, "x-requested-with": "XMLHttpRequest" };
    return read(await fetch(url, { method, headers: sent, body, credentials: "same-origin" }));
  }
  if (options.cors) return read(await fetch(url, { method, headers, body, credentials: "omit" }));
  const asked = { installation_id: boot.installation.id, secure: options.secure === true };
  const response = await fetch("/zaf/proxy", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": boot.csrf },
    // Braces of placeholders do not survive in an address.
    body: JSON.stringify({ ...asked, url: unescapeBraces(url.href), method, headers, body }),
  });
  return read(response);
}

function unescapeBraces(url) {
  return url.replaceAll(/%7B/gi, "{").replaceAll(/%7D/gi, "}");
}

async function read(response) {
  return {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  };
}

function settle({ status, statusText, headers, text }, options) {
  const isJson = /\bjson\b/.test(headers["content-type"] ?? "") || options.dataType === "json";
  const parsed = isJson && options.dataType !== "text" ? parse(text) : undefined;
  const complete = {
    status,
    statusText,
    readyState: 4,
    responseText: text,
    ...(parsed !== undefined && { responseJSON: parsed }),
    responseHeaders: headers,
  };
  const failed = status < 200 || status >= 300;
  if (failed) return { failed, args: [complete, "error", statusText] };
  if (isJson && text !== "" && parsed === undefined && options.dataType !== "text") {
    return { failed: true, args: [complete, "parsererror", "the answer is not JSON"] };
  }
  if (options.httpCompleteResponse) return { failed, args: [complete, "success", complete] };
  const data = status === 204 ? undefined : (parsed ?? text);
  return { failed, args: [data, "success", complete] };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
