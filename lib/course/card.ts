import { escapeHtml, highlight } from "./highlight.ts";

/** What the card says at first sight. */
export type Mood = "waiting" | "right" | "wrong" | "plain";

// Readable on the card's own light background, whatever the notebook's theme.
const EDGES: Readonly<Record<Mood, string>> = {
  waiting: "#8a919b",
  right: "#12805c",
  wrong: "#c2410c",
  plain: "#2563eb",
};

/** A card for a notebook's page, with its own background so that light and dark themes leave it readable. */
export function cardHtml(title: string, body: string, mood: Mood): string {
  return `<div style="background:#fcfcfb;color:#30343a;border:1px solid #d5d8dc;` +
    `border-left:5px solid ${EDGES[mood]};border-radius:4px;padding:10px 14px;margin:4px 0;` +
    `font:14px/1.5 system-ui,sans-serif;max-width:900px;overflow-x:auto">` +
    `<div style="font-weight:600;margin-bottom:4px">${escapeHtml(title)}</div>${body}</div>`;
}

/** Code in a folded part of a card. */
export function foldedCode(summary: string, code: string): string {
  return `<details style="margin-top:8px"><summary style="cursor:pointer">${escapeHtml(summary)}` +
    `</summary>${codeHtml(code)}</details>`;
}

/** Code on a card. */
export function codeHtml(code: string): string {
  return `<pre style="background:#f3f4f6;color:#30343a;padding:8px 10px;margin:6px 0 0;border-radius:4px;` +
    `overflow-x:auto;font-size:13px;line-height:1.4"><code style="background:none;color:inherit">` +
    `${highlight(code)}</code></pre>`;
}

/** A paragraph in which `words` are set as code. */
export function paragraph(text: string, style = ""): string {
  const html = escapeHtml(text).replaceAll(
    /`([^`]+)`/g,
    '<code style="background:#eceef1;color:inherit;padding:0 3px;border-radius:3px">$1</code>',
  );
  return `<p style="margin:4px 0;${style}">${html}</p>`;
}
