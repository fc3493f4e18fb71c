import type { Exhibit } from "./run.ts";

/** The museum as lines for a terminal: planted, expected, said, right or wrong, and why. */
export function museumTable(exhibits: readonly Exhibit[]): string {
  const rows = exhibits.map((exhibit) => [
    exhibit.key === "healthy" ? `healthy, seed ${exhibit.seed}` : exhibit.key,
    exhibit.system,
    exhibit.expected ?? "none",
    exhibit.found ?? "none",
    exhibit.hit ? "right" : "WRONG",
    exhibit.because,
  ]);
  const head = ["planted", "system", "expected", "first suspect", "", "evidence"];
  const widths = head.map((word, i) =>
    Math.max(...[head, ...rows].map((row) => row[i]!.length), word.length)
  );
  const line = (cells: string[]) =>
    cells.map((cell, i) => i === head.length - 1 ? cell : cell.padEnd(widths[i]!)).join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line), "", museumSummary(exhibits)].join("\n");
}

/** How many were right, in a sentence. */
export function museumSummary(exhibits: readonly Exhibit[]): string {
  const count = (healthy: boolean) => {
    const those = exhibits.filter(({ key }) => (key === "healthy") === healthy);
    return `${those.filter(({ hit }) => hit).length} of ${those.length}`;
  };
  return `${count(false)} planted faults named as first suspect, ${
    count(true)
  } healthy runs called healthy.`;
}
