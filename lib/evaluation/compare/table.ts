import type { Comparison } from "./summarise.ts";
import { intervalText } from "./verdict.ts";

/** What a verdict rests on, for people; said beside the numbers everywhere. */
export const HOW_TO_READ =
  "± is half of the 95 % interval of the mean over seeds (Student's t). Differences are taken seed by seed: both " +
  "sides of a seed start alike and see the same data, noise and labels. Held-out losses use one noise level per " +
  "image, spread evenly, whatever the training did. Among twenty numbers without any difference, one is expected " +
  "to show one by chance: trust what was asked before looking.";

/** The comparison as rows: what it is, side A, side B, what may be said. */
export function comparisonRows({ measures, speed, corruption }: Comparison): string[][] {
  const { same, own } = corruption ?? {};
  return [
    ...[...measures, ...(same ? [same.a, same.b] : []), ...(own ? [own] : [])].map((
      { name, a, b, share, verdict },
    ) => [
      name,
      intervalText(a, share),
      intervalText(b, share),
      verdict,
    ]),
    ...(speed
      ? [["steps per second", speed.a.toFixed(2), speed.b.toFixed(2), speedSentence(speed)]]
      : []),
  ];
}

/** How much longer an update of B takes. */
export function speedSentence({ ratio, pairs }: NonNullable<Comparison["speed"]>): string {
  const { median, low, high } = ratio;
  const interval = Number.isNaN(low)
    ? ""
    : ` (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}, ${pairs} updates in turns)`;
  return `an update of B takes ${median.toFixed(2)} times as long as one of A${interval}`;
}

/** The comparison for a terminal. */
export function comparisonTable(comparison: Comparison): string {
  const { names, differences, seeds, planned } = comparison;
  const waiting = planned.length - seeds.length;
  const rows = [["", names.a, names.b, "B against A"], ...comparisonRows(comparison)];
  return [
    `${names.a} (A) against ${names.b} (B), ${seeds.length} seeds` +
    (waiting > 0 ? `, ${waiting} more to come` : ""),
    ...differences.map(({ name, a, b }) => `  ${name}: ${a} → ${b}`),
    "",
    ...aligned(rows),
    "",
    ...wrapped(HOW_TO_READ, 100),
  ].join("\n");
}

function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => i === 1 || i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd()
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1)!.length + word.length >= width) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) === "" ? "" : " ") + word;
  }
  return lines;
}
