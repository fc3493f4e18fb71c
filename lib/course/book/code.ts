import { escapeHtml, stretchesOf } from "../highlight.ts";

/** Lines of imports that are folded from so many on. */
const MANY_IMPORTS = 6;

/** Code as a block of a page; TypeScript in colours. */
export function codeBlock(code: string, language = "ts"): string {
  return `<pre class="code" tabindex="0"><code>${
    language === "ts" ? coloured(code) : escapeHtml(code)
  }</code></pre>`;
}

/** The code of a cell, with a long list of imports at its beginning folded away. */
export function cellCode(code: string): string {
  const lines = code.split("\n"), count = countImportLines(lines);
  if (count < MANY_IMPORTS) return codeBlock(code);
  const imports = lines.slice(0, count).join("\n").trim();
  const rest = lines.slice(count).join("\n").trim();
  return `<details class="imports"><summary>imports</summary>${codeBlock(imports)}</details>` +
    (rest ? codeBlock(rest) : "");
}

/** TypeScript as HTML, each stretch in a span with the class of its kind. */
export function coloured(code: string): string {
  return stretchesOf(code).map(([kind, text]) =>
    kind === "code" ? escapeHtml(text) : `<span class="${kind}">${escapeHtml(text)}</span>`
  ).join("");
}

/** How many lines at the beginning are imports, blank lines between them included. */
function countImportLines(lines: readonly string[]): number {
  let end = 0, inside = false;
  for (const [i, line] of lines.entries()) {
    if (!inside && line.trim() === "") continue;
    if (!inside && !line.startsWith("import ")) break;
    inside = !/;\s*$/.test(line);
    if (!inside) end = i + 1;
  }
  return end;
}
