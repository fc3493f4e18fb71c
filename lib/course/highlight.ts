const TOKEN =
  /(?<comment>\/\*.*?\*\/|\/\/[^\n]*)|(?<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<keyword>\b(?:as|async|await|const|else|for|function|if|import|in|from|let|new|of|return|throw|type|typeof|while)\b)|(?<number>\b\d[\w.]*\b)/gs;

const COLOURS: Readonly<Record<string, string>> = {
  comment: "#5b6470",
  text: "#0a5f38",
  keyword: "#8b2252",
  number: "#0b4f9e",
};

/** TypeScript as HTML with its comments, texts, keywords and numbers in colours for a light background. */
export function highlight(code: string): string {
  let html = "", end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups!).find(([, found]) => found !== undefined)![0];
    html += escapeHtml(code.slice(end, match.index)) +
      `<span style="color:${COLOURS[kind]}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}

/** Text that means itself in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
