import { describe, expect, it } from "vitest";
import { html, type HtmlValue, trusted } from "#zis/page/html";

describe("html", () => {
  it.each<[string, HtmlValue, string]>([
    ["text", `<b>&"'`, "&lt;b&gt;&amp;&quot;&#39;"],
    ["a number", 0, "0"],
    ["markup", html`<i>${"<"}</i>`, "<i>&lt;</i>"],
    ["a list", [html`<i></i>`, "<", [">"]], "<i></i>&lt;&gt;"],
    ["false", false, ""],
    ["undefined", undefined, ""],
    ["trusted markup", trusted("<svg/>"), "<svg/>"],
  ])("puts in %s", (_name, value, expected) => {
    expect(html`<p title="${value}">${value}</p>`.text).toBe(
      `<p title="${expected}">${expected}</p>`,
    );
  });
});
