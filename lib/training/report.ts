import type { Value } from "../engine/mod.ts";
import type { TrainConfig } from "./config.ts";
import type { HeldoutLoss } from "./task.ts";

/** A number with what it can be compared to; null where nothing bounds it. */
export interface Judged<Bound extends number | null = number | null> {
  value: number;
  /** The best that can be expected. */
  ceiling: Bound;
  /** What somebody who knows nothing gets. */
  floor: Bound;
}

/** How good a model is: what an evaluation hands to the trainer. What was not measured is left out. */
export interface Judgement {
  /** Number of samples behind the numbers. */
  samples?: number;
  /** Share of samples that a classifier reads as what was asked for; null without classes. */
  class_accuracy?: Judged | null;
  /** Distances to real images in feature space. */
  frechet?: Judged;
  mmd?: Judged;
  /** Further numbers. */
  diversity?: Judged;
  /** Whole chapters of their own. */
  chapters?: readonly Chapter[];
}

/** Numbers about one question, such as whether pictures follow their prompts. */
export interface Chapter {
  /** Where they stand in `report.json`. */
  key: string;
  title: string;
  /** For programs; goes into JSON as it is. */
  data: unknown;
  /** For people. */
  rows: readonly ReportRow[];
  /** What people should know to read them. */
  note?: string;
}

/** Judges finished weights. */
export type Judge = (
  weights: Record<string, Value>,
  onStage: (stage: string) => void,
) => Promise<Judgement>;

/** The numbers of a run, for programs: `report.json`. */
export interface Report {
  name: string;
  /** Null where samples were not judged. */
  class_accuracy: Judged | null;
  frechet: Judged | null;
  mmd: Judged | null;
  diversity: Judged | null;
  /** Ceiling: the same weights on images that they learned from. Floor: an untrained model. */
  heldout_loss: Judged | null;
  /** The held-out loss by noise level. */
  heldout_bins: HeldoutLoss["bins"];
  /** Training time, over all resumes. */
  minutes: Judged;
  /** Updates made, of those that the config asks for. */
  steps: Judged;
  /** Trained numbers of the model. */
  parameters: number;
  /** Samples that were judged. */
  samples: number;
  /** Chapters for people; for programs each stands under its key. */
  chapters?: readonly Chapter[];
}

/** A report as programs read it: each chapter's data under its key. */
export function reportJson({ chapters = [], ...report }: Report): Record<string, unknown> {
  return { ...report, ...Object.fromEntries(chapters.map(({ key, data }) => [key, data])) };
}

/** Puts the numbers of a run together. */
export function makeReport(
  config: TrainConfig,
  numbers: {
    judgement: Judgement | undefined;
    heldout: { loss: HeldoutLoss; ceiling: number | null; floor: number | null } | undefined;
    seconds: number;
    step: number;
    parameters: number;
  },
): Report {
  const { judgement, heldout, seconds, step, parameters } = numbers;
  return {
    name: config.name,
    class_accuracy: judgement?.class_accuracy ?? null,
    frechet: judgement?.frechet ?? null,
    mmd: judgement?.mmd ?? null,
    diversity: judgement?.diversity ?? null,
    heldout_loss: heldout
      ? { value: heldout.loss.loss, ceiling: heldout.ceiling, floor: heldout.floor }
      : null,
    heldout_bins: heldout?.loss.bins ?? [],
    minutes: { value: seconds / 60, ceiling: null, floor: null },
    steps: { value: step, ceiling: config.steps, floor: 0 },
    parameters,
    samples: judgement?.samples ?? 0,
    ...(judgement?.chapters && { chapters: judgement.chapters }),
  };
}

/** A row of the table of numbers: what it is, how it is written, which direction is good. */
export interface ReportRow {
  name: string;
  value: string;
  ceiling: string;
  floor: string;
  meaning: string;
}

/** The numbers of a report as people read them; those that were not measured are left out. */
export function reportRows(report: Report): ReportRow[] {
  const row = (
    name: string,
    judged: Judged | null,
    format: (value: number) => string,
    meaning: string,
  ): ReportRow[] =>
    judged
      ? [{
        name,
        value: format(judged.value),
        ceiling: judged.ceiling === null ? "" : format(judged.ceiling),
        floor: judged.floor === null ? "" : format(judged.floor),
        meaning,
      }]
      : [];
  const fixed = (digits: number) => (value: number) => value.toFixed(digits);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    ...row("class accuracy", report.class_accuracy, percent, "read as what was asked for: more"),
    ...row("Fréchet distance", report.frechet, fixed(2), "distance to real images: less"),
    ...row("kernel distance", report.mmd, fixed(4), "distance to real images: less"),
    ...row("diversity", report.diversity, fixed(2), "spread within a class: as real ones"),
    ...row("held-out loss", report.heldout_loss, fixed(4), "error on images kept aside: less"),
    ...row("minutes", report.minutes, fixed(1), "training time"),
    ...row("steps", { ...report.steps, floor: null }, String, "updates made, and planned"),
  ];
}

/** The numbers as tables for the terminal. */
export function reportTable(report: Report): string {
  const chapters = report.chapters ?? [];
  return [
    rowsTable("", reportRows(report)),
    ...chapters.map(({ title, rows }) => rowsTable(title, rows)),
  ].join("\n\n");
}

function rowsTable(title: string, numbers: readonly ReportRow[]): string {
  const rows = [
    [title, "value", "ceiling", "floor", "better"],
    ...numbers.map((row) => [row.name, row.value, row.ceiling, row.floor, row.meaning]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => i === 0 || i === 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
      .join("  ").trimEnd()
  ).join("\n");
}
