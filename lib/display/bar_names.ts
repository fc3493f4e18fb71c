import { text, widthOf } from "./svg.ts";

/** Words to be drawn below something, with the height they need. */
export interface Underneath {
  height: number;
  /** Draws the i-th name; y is the baseline of its first line. */
  draw(i: number, x: number, y: number): string;
}

/** Names below the bars: in lines where they fit, else slanted. */
export function underneath(names: readonly string[], slot: number): Underneath {
  const lines = names.map((name) => wrap(name, slot - 6));
  if (lines.flat().every((line) => widthOf(line) <= slot - 4)) {
    return {
      height: 8 + 15 * Math.max(...lines.map(({ length }) => length)),
      draw: (i, x, y) =>
        lines[i]!.map((line, row) => text(x, y + 15 * row, line, { anchor: "middle" })).join(""),
    };
  }
  const widest = Math.min(120, Math.max(...names.map((name) => widthOf(name))));
  return {
    height: 12 + 0.65 * widest,
    draw: (i, x, y) => text(x + 4, y - 4, names[i]!, { anchor: "end", turn: -40 }),
  };
}

/** Breaks between words so that lines are no wider than they may, where that is possible. */
function wrap(name: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && widthOf(longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
