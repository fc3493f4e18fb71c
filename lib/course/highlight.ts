const TOKEN =
  /(?<comment>\/\*.*?\*\/|\/\/[^\n]*)|(?<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<keyword>\b(?:as|async|await|const|else|export|for|function|if|import|in|interface|from|let|new|of|return|throw|type|typeof|while)\b)|(?<number>\b\d[\w.]*\b)/gs;

/** What a stretch of code is; "code" is everything that has no colour of its own. */
export type CodeKind = "comment" | "text" | "keyword" | "number" | "code";

const COLOURS: Readonly<Record<string, string>> = {
  comment: "#5b6470",
  text: "#0a5f38",
  keyword: "#8b2252",
  number: "#0b4f9e",
};

/** TypeScript as HTML with its comments, texts, keywords and numbers in colours for a light background. */
export function highlight(code: string): string {
  return stretchesOf(code).map(([kind, text]) =>
    kind === "code"
      ? escapeHtml(text)
      : `<span style="color:${COLOURS[kind]}">${escapeHtml(text)}</span>`
  ).join("");
}

/** TypeScript taken apart into stretches, each with what it is; joined they are the code again. */
export function stretchesOf(code: string): [CodeKind, string][] {
  const stretches: [CodeKind, string][] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups!).find(([, found]) => found !== undefined)![0];
    if (match.index > end) stretches.push(["code", code.slice(end, match.index)]);
    stretches.push([kind as CodeKind, match[0]]);
    end = match.index + match[0].length;
  }
  if (end < code.length) stretches.push(["code", code.slice(end)]);
  return stretches;
}

/** Text that means itself in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
