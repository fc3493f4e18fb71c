import { text, widthOf } from "./svg.ts";
import { wrapWords } from "./wrap_words.ts";

/** Words to be drawn below something, with the height they need. */
export interface Underneath {
  height: number;
  /** Draws the i-th name; y is the baseline of its first line. */
  draw(i: number, x: number, y: number): string;
}

/** Names below the bars: in lines where they fit, else slanted. */
export function underneath(names: readonly string[], slot: number): Underneath {
  const lines = names.map((name) => wrapWords(name, slot - 6, (line) => widthOf(line)));
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
