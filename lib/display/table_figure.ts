import { INK } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { escape, heading, headingHeight, MARGIN, picture, round, text, widthOf } from "./svg.ts";
import { numberText } from "./ticks.ts";

/** Options of {@linkcode tableFigure}. */
export interface TableOptions {
  alt?: string;
  title?: string;
  columns: readonly string[];
  /** A cell for each column. */
  rows: readonly (readonly (string | number)[])[];
}

/**
 * A table; columns of numbers stand to the right, and numbers are written with four digits.
 *
 * Throws a RangeError without columns, or when a row has not as many cells as there are columns.
 */
export function tableFigure({ alt, title, columns, rows }: TableOptions): Figure {
  if (columns.length === 0) throw new RangeError("Cannot draw a table without columns");
  rows.forEach((row, i) => {
    if (row.length === columns.length) return;
    throw new RangeError(
      `Cannot draw a table: row ${i} has ${row.length} cells, expected ${columns.length}`,
    );
  });
  const words = rows.map((row) =>
    row.map((cell) => typeof cell === "number" ? numberText(cell) : cell)
  );
  const right = columns.map((_, column) => words.every((row) => NUMBER.test(row[column]!)));
  const table: Table = { title, columns, words, right: rows.length > 0 ? right : [] };
  const said = alt ?? title ?? `A table of ${columns.join(", ")}`;
  return { alt: said, ...draw(table, said), html: htmlTable(table), text: textTable(table) };
}

interface Table {
  title: string | undefined;
  columns: readonly string[];
  words: readonly (readonly string[])[];
  /** Columns that stand to the right. */
  right: readonly boolean[];
}

/** 12, −0.5, 1,500, 98.2 %, 0.154 ± 0.003, 2e-4, 12 s, and a dash for none. */
const NUMBER = /^[−–+-]?([\d.,]+(e-?\d+)?( ?± ?[\d.,]+)?( ?(%|s|ms|min|×|kB|MB|GB))?)?$/;

/** Takes the colours and the letters of the page it stands in. */
function htmlTable({ title, columns, words, right }: Table): string {
  const cells = (tag: "th" | "td", row: readonly string[]) =>
    row.map((cell, i) => {
      const style = `text-align:${right[i] ? "right" : "left"};padding:3px 12px 3px 8px` +
        (tag === "th" ? ";border-bottom:1px solid #888" : "");
      return `<${tag} style="${style}">${escape(cell)}</${tag}>`;
    }).join("");
  const caption = title &&
    `<caption style="text-align:left;font-weight:600;padding:4px 8px">${escape(title)}</caption>`;
  return `<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">${
    caption ?? ""
  }<thead><tr>${cells("th", columns)}</tr></thead><tbody>${
    words.map((row) => `<tr>${cells("td", row)}</tr>`).join("")
  }</tbody></table>`;
}

function textTable({ title, columns, words, right }: Table): string {
  const widths = columns.map((name, i) =>
    Math.max(name.length, ...words.map((row) => row[i]!.length))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd();
  return [
    ...(title ? [title] : []),
    line(columns),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...words.map(line),
  ].join("\n");
}

/** The table as a picture, for files and beside other pictures. */
function draw({ title, columns, words, right }: Table, alt: string) {
  const row = 22, gap = 24, top = MARGIN + headingHeight(title);
  const widths = columns.map((name, i) =>
    Math.max(widthOf(name, 12, true), ...words.map((cells) => widthOf(cells[i]!)))
  );
  const lefts = widths.map((_, i) =>
    MARGIN + widths.slice(0, i).reduce((sum, width) => sum + width + gap, 0)
  );
  const full = lefts.at(-1)! + widths.at(-1)! + MARGIN;
  const line = (cells: readonly string[], y: number, bold: boolean) =>
    cells.map((cell, i) =>
      right[i]
        ? text(lefts[i]! + widths[i]!, y, cell, { anchor: "end", bold })
        : text(lefts[i]!, y, cell, { bold })
    ).join("");
  const size = {
    width: Math.max(full, 2 * MARGIN + widthOf(title ?? "", 14, true)),
    height: top + (words.length + 1) * row + MARGIN - 4,
  };
  const svg = picture(
    { ...size, alt },
    heading(title) + line(columns, top + 13, true) +
      `<path d="M${MARGIN},${top + 20}H${round(full - MARGIN)}" stroke="${INK.axis}"/>` +
      words.map((cells, i) => line(cells, top + 15 + (i + 1) * row, false)).join(""),
  );
  return { svg, size };
}
