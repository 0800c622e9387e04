/** Between the two forms of a comment's text: plain and HTML. */

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The HTML that Zendesk makes of a plain text: a paragraph for each blank-line-separated part. */
export function toHtml(text: string): string {
  const paragraphs = text
    .split("\n\n")
    .map((part) => `<p dir="auto">${escapeHtml(part).replaceAll("\n", "<br>")}</p>`);
  return `<div class="zd-comment" dir="auto">${paragraphs.join("")}</div>`;
}

/** Takes tags out; breaks and ends of paragraphs become line ends. Character references stay. */
export function stripTags(html: string): string {
  return html
    .replace(/<br\s*\/?>|<\/p>/gi, "\n")
    .replace(/<[a-z/!][^>]*>/gi, "")
    .trimEnd();
}

/** The plain text of an HTML text. */
export function toPlainText(html: string): string {
  return decodeReferences(stripTags(html));
}

/** Characters for the commonest character references. */
export function decodeReferences(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&amp;", "&");
}
