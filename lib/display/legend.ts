import { escape, round, text, widthOf } from "./svg.ts";

/** One name in a legend. */
export interface LegendEntry {
  name: string;
  colour: string;
  /** A line by default. */
  mark?: "line" | "faint" | "dot" | "box";
}

const ROW = 20;

/** Names with a short line each, in as many rows as they need; none for a single one. `width` is how far they reach. */
export function layOutLegend(
  entries: readonly LegendEntry[],
  { left, right, top }: { left: number; right: number; top: number },
): { height: number; width: number; svg: string } {
  if (entries.length < 2) return { height: 0, width: 0, svg: "" };
  let x = left, row = 0, svg = "", width = 0;
  for (const { name, colour, mark = "line" } of entries) {
    const wide = 24 + widthOf(name);
    if (x + wide > right && x > left) [x, row] = [left, row + 1];
    const y = top + row * ROW + 6;
    svg += `<g data-key="${escape(name)}"><path d="M${round(x)},${round(y)}${MARKS[mark]} ` +
      `stroke="${colour}"/>${text(x + 24, y + 4, name)}</g>`;
    width = Math.max(width, x + wide);
    x += wide + 18;
  }
  return { height: (row + 1) * ROW, width, svg };
}

const MARKS = {
  line: `h18" stroke-width="3"`,
  faint: `h18" stroke-width="1.5" stroke-opacity=".55"`,
  dot: `m9,0h0" stroke-width="8" stroke-linecap="round"`,
  box: `m4,0h11" stroke-width="11"`,
};
