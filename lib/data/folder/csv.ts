/**
 * Reads comma-separated values as rows of cells (RFC 4180): cells in quotes may hold commas, line breaks and doubled
 * quotes. Empty lines are left out.
 *
 * Throws a RangeError with the line where a quote is never closed.
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [], cell = "", quotedFrom = 0, line = 1;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || cell.trim() !== "") rows.push(row);
    [row, cell] = [[], ""];
  };
  // Spreadsheets mark their text as Unicode with an invisible first character.
  const from = text.startsWith("\uFEFF") ? 1 : 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i]!;
    if (character === "\n") line++;
    if (quotedFrom > 0) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') cell += text[++i];
      else quotedFrom = 0;
    } else if (character === '"' && cell === "") quotedFrom = line;
    else if (character === ",") {
      row.push(cell);
      cell = "";
    } else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
  }
  if (quotedFrom > 0) {
    throw new RangeError(
      `Cannot read line ${quotedFrom}: a quote is opened there and never closed`,
    );
  }
  endRow();
  return rows;
}

/** Writes rows as comma-separated values, with quotes where they are needed. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  const write = (cell: string) =>
    /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return rows.map((row) => row.map(write).join(",") + "\n").join("");
}
