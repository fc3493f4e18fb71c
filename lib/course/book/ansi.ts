import { escape } from "../../display/svg.ts";

/** Classes of the style sheet for the codes that terminals know; others leave no trace. */
const CLASSES: Readonly<Record<number, string>> = {
  1: "bold",
  2: "faint",
  3: "italic",
  4: "underlined",
  30: "black",
  31: "red",
  32: "green",
  33: "yellow",
  34: "blue",
  35: "magenta",
  36: "cyan",
  37: "faint",
  90: "faint",
  91: "red",
  92: "green",
  93: "yellow",
  94: "blue",
  95: "magenta",
  96: "cyan",
};

/** What takes a code back: normal weight, no italics, no line, no colour. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ["bold", "faint"],
  23: ["italic"],
  24: ["underlined"],
  39: ["black", "red", "green", "yellow", "blue", "magenta", "cyan"],
};

// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b\[([\d;]*)m|\x1b\[[\d;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;

/** Text of a terminal as HTML: colours become classes `ansi-red`, other control codes go away. */
export function ansiHtml(text: string): string {
  const lit = new Set<string>();
  let html = "", end = 0;
  const add = (part: string) => {
    if (part === "") return;
    const classes = [...lit].map((name) => `ansi-${name}`).join(" ");
    html += classes ? `<span class="${classes}">${escape(part)}</span>` : escape(part);
  };
  for (const match of text.matchAll(ESCAPE)) {
    add(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1] !== undefined) follow(match[1].split(";").map(Number), lit);
  }
  add(text.slice(end));
  return html;
}

function follow(codes: readonly number[], lit: Set<string>): void {
  // 38;5;n and 38;2;r;g;b set colours of larger palettes, whose numbers must not be taken for codes.
  if (codes[0] === 38 || codes[0] === 48) return;
  for (const code of codes) {
    if (code === 0) lit.clear();
    for (const name of ENDS[code] ?? []) lit.delete(name);
    const name = CLASSES[code];
    if (!name) continue;
    if (code >= 30) ENDS[39]!.forEach((colour) => lit.delete(colour));
    lit.add(name);
  }
}
