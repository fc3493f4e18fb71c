import { INK } from "./colours.ts";
import { round, text, widthOf } from "./svg.ts";

/** What the sides of a heat map say. */
interface Sides {
  x?: string;
  y?: string;
  rowLabels?: readonly string[];
  columnLabels?: readonly string[];
}

/** A word beside the row or column of this number. */
interface Word {
  at: number;
  word: string;
}

/** Words beside the rows, left out where they would touch each other. */
export function rowWords({ rowLabels }: Sides, rows: number, cell: number): Word[] {
  return everyFew(rowLabels ?? count(rows), rowLabels ? 14 / cell : Math.max(rows / 8, 14 / cell));
}

/**
 * Words above the columns, the height they take, and how far they reach from where the first column begins; long ones
 * stand slanted.
 */
export function columnWords(
  { columnLabels }: Sides,
  columns: number,
  cell: number,
): { words: Word[]; slanted: boolean; height: number; reach: number } {
  const labels = columnLabels ?? count(columns);
  const widest = Math.max(...labels.map((word) => widthOf(word)));
  const slanted = columnLabels !== undefined && widest > cell - 3 && cell >= 12 && widest > 24;
  const room = slanted ? 12 : widest + 8;
  const words = everyFew(
    labels,
    columnLabels ? room / cell : Math.max(columns / 8, room / cell),
  );
  // Slanted words begin at the middle of their column, others end half of their width beyond it.
  const part = slanted ? 0.71 : 0.5;
  return {
    words,
    slanted,
    height: slanted ? widest * part + 14 : 20,
    reach: Math.max(...words.map(({ at, word }) => (at + 0.5) * cell + part * widthOf(word))),
  };
}

/** Words and names along the sides. */
export function drawLabels(
  sides: Sides,
  map: {
    left: number;
    top: number;
    right: number;
    bottom: number;
    cell: number;
    rows: number;
    columns: number;
  },
): string {
  const { left, top, right, bottom, cell, rows, columns } = map;
  const { words, slanted } = columnWords(sides, columns, cell);
  const colourOf = (given: unknown) => given ? INK.text : INK.faint;
  return words.map(({ at, word }) =>
    text(left + (at + 0.5) * cell, top - 7, word, {
      colour: colourOf(sides.columnLabels),
      ...(slanted ? { turn: -45 } : { anchor: "middle" }),
    })
  ).join("") +
    rowWords(sides, rows, cell).map(({ at, word }) =>
      text(left - 8, top + (at + 0.5) * cell + 4, word, {
        anchor: "end",
        colour: colourOf(sides.rowLabels),
      })
    ).join("") +
    (sides.x ? text((left + right) / 2, bottom + 22, sides.x, { anchor: "middle" }) : "") +
    (sides.y ? text(20, (top + bottom) / 2, sides.y, { anchor: "middle", turn: -90 }) : "");
}

/** The words, or every second, fifth, tenth … of them when neighbours stand closer than they need. */
function everyFew(words: readonly string[], needed: number): Word[] {
  const step = STEPS.find((step) => step >= needed) ?? Math.ceil(needed);
  return words.map((word, at) => ({ word, at })).filter(({ at }) => at % step === 0);
}

const STEPS = [1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 500, 512];

function count(size: number): string[] {
  return Array.from({ length: size }, (_, i) => round(i));
}
