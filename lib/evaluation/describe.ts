import type { Judged } from "../training/report.ts";
import type { Evaluation } from "./evaluate.ts";
import { textTable } from "./text_table.ts";

/** An evaluation as a table for people: each number between those of noise and of real images. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { class_accuracy, frechet, mmd, diversity } = evaluation;
  const rows = [
    ["", "samples", "real", "noise", ""],
    ...(class_accuracy ? [row("class accuracy", class_accuracy, percent, "higher is better")] : []),
    row("Fréchet distance", frechet, decimals(2), "lower is better"),
    row("kernel distance", mmd, decimals(4), "lower is better"),
    row("diversity", diversity, decimals(2), "like real is best"),
  ];
  return [textTable(rows, [0, 4]), "", ...notes(evaluation)].join("\n");
}

function notes(evaluation: Evaluation): string[] {
  const { count, ceiling_count, reference_count, dataset, per_class, class_accuracy } = evaluation;
  const lines = [
    `${count} samples and as much noise, ${ceiling_count} held-out real images, compared with ` +
    `${reference_count} training images of ${dataset}`,
  ];
  if (ceiling_count < count) {
    lines.push(
      "fewer real images than samples: their Fréchet distance is a little too high for comparison",
    );
  }
  if (class_accuracy) {
    const classes = per_class.map((share, label) =>
      `${label}: ${share === null ? "–" : `${(100 * share).toFixed(0)} %`}`
    );
    lines.push(`accuracy by class  ${classes.join("   ")}`);
  }
  return lines;
}

function row(
  name: string,
  { value, ceiling, floor }: Judged<number>,
  format: (value: number) => string,
  meaning: string,
): string[] {
  return [name, format(value), format(ceiling), format(floor), meaning];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function decimals(count: number): (value: number) => string {
  return (value) => value.toFixed(count);
}
