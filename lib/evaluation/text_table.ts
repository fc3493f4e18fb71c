/** Rows of cells as lines of text in columns: to the left where `left` names the column, else to the right. */
export function textTable(
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => left.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
      .join("  ").trimEnd()
  ).join("\n");
}
