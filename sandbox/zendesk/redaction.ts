/** What a redaction leaves of a comment. Pure. Source: Zendesk API reference, "Ticket Comments", "Ticket Attachments". */
import { decodeReferences, escapeHtml, toHtml, toPlainText } from "./html.ts";
import type { AttachmentRecord, CommentRecord } from "./model.ts";

/** How a text is made unreadable: a mark for each character, or four for any text, as the reference's examples show. */
export type Marking = "each" | "four";

const MARK = "▇";

function mark(text: string, marking: Marking): string {
  return marking === "four" ? MARK.repeat(4) : text.replaceAll(/./gsu, MARK);
}

/** The comment without a text, wherever it stands; undefined when it stands nowhere. */
export function redactText(
  comment: CommentRecord,
  text: string,
  marking: Marking,
): CommentRecord | undefined {
  const html = comment.html_body?.replaceAll(escapeHtml(text), mark(text, marking));
  const body = comment.body.replaceAll(text, mark(text, marking));
  if (body === comment.body && html === comment.html_body) return undefined;
  return { ...comment, body, ...(html === undefined ? {} : { html_body: html }) };
}

const htmlOf = (comment: CommentRecord) => comment.html_body ?? toHtml(comment.body);
/** A tag that is to go itself: `<img src="…" redact>`. */
const REDACTED_TAG = /<([a-z]+)(?=[^>]*\sredact(?:[\s>/=]))[^>]*>/gi;

/** The HTML before anything in it was marked for redaction. */
const withoutMarkup = (html: string) =>
  html.replace(/<\/?redact>/gi, "").replace(/\sredact(?:="[^"]*")?(?=[\s/>])/gi, "");

/**
 * The comment without what `html`, its own HTML, marks: `<redact>` around texts, the attribute `redact` in tags.
 * Undefined when `html` is another text than the comment's or marks nothing; that these are refused is inferred.
 */
export function redactMarked(
  comment: CommentRecord,
  html: string,
  marking: Marking,
): CommentRecord | undefined {
  if (withoutMarkup(html) === html || withoutMarkup(html) !== htmlOf(comment)) return undefined;
  const html_body = html
    .replace(/<redact>(.*?)<\/redact>/gis, (_, inner: string) =>
      inner.replace(/(<[^>]*>)|([^<]+)/g, (_part, tag?: string, text?: string) =>
        text === undefined ? (tag ?? "") : mark(decodeReferences(text), marking),
      ),
    )
    .replace(REDACTED_TAG, (_, tag: string) => (tag.toLowerCase() === "img" ? "" : `<${tag}>`));
  // Paragraphs are apart by a blank line in the plain text that HTML was made of.
  const body = toPlainText(html_body.replace(/<\/p>\s*<p[^>]*>/gi, "\n\n"));
  return { ...comment, body, html_body };
}

/** The comment with an empty `redacted.txt` in place of files; undefined when it has none of them. */
export function redactFiles(
  comment: CommentRecord,
  isMeant: (file: AttachmentRecord) => boolean,
): CommentRecord | undefined {
  if (!comment.attachments.some(isMeant)) return undefined;
  const attachments = comment.attachments.map((file) => (isMeant(file) ? emptied(file) : file));
  return { ...comment, attachments };
}

/** That the id stays is inferred. */
function emptied({ id }: AttachmentRecord): AttachmentRecord {
  return {
    id,
    file_name: "redacted.txt",
    content_type: "text/plain",
    size: 0,
    inline: false,
    token: `redacted${id}`,
  };
}
