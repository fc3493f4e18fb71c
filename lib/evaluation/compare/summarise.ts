import { join } from "node:path";
import { readMetrics } from "../../training/metrics.ts";
import { runFile } from "../../training/run_folder.ts";
import { measuresOf, type ReportNumbers } from "./numbers.ts";
import {
  type CompareFolder,
  type Difference,
  differencesOf,
  runPathOf,
  type Side,
  SIDES,
} from "./plan.ts";
import {
  compareCorruption,
  type CorruptionComparison,
  type CorruptionLosses,
} from "./corruption.ts";
import { isFinished } from "./run_seeds.ts";
import type { SpeedComparison } from "./speed.ts";
import { type Interval, meanInterval } from "./statistics.ts";
import { compareMeasure, type MeasureComparison } from "./verdict.ts";

/** What a comparison came to: `comparison.json`. */
export interface Comparison {
  names: Record<Side, string>;
  /** Settings that differ: what is compared. */
  differences: Difference[];
  /** Seeds that both sides have finished; all numbers are from these. */
  seeds: number[];
  /** Seeds that are planned. */
  planned: number[];
  measures: MeasureComparison[];
  /** Null where it was not measured. */
  speed: SpeedComparison | null;
  /** Losses where examples are corrupted as in training; null where both recipes corrupt alike, or it was not measured. */
  corruption: CorruptionComparison | null;
  /** Held-out loss during training, over the seeds. */
  curves: Record<Side, CurvePoint[]>;
}

/** Held-out loss after a number of steps. */
export interface CurvePoint extends Interval {
  step: number;
}

/** Puts the numbers of all finished pairs of runs together; throws a RangeError if there is none yet. */
export async function summarise(
  folder: CompareFolder,
  { speed = null, corruption = null }: {
    speed?: SpeedComparison | null;
    corruption?: CorruptionLosses | null;
  } = {},
): Promise<Comparison> {
  const { plan } = folder, seeds = await finishedSeeds(folder);
  if (seeds.length === 0) {
    throw new RangeError(`No seed of ${folder.path} is finished on both sides yet`);
  }
  const [a, b] = await Promise.all(SIDES.map((side) => reportsOf(folder, side, seeds)));
  const measures = measuresOf(a![0]!).flatMap(({ value: _, ...measure }) => {
    const both = [a!, b!].map((reports) =>
      reports.flatMap((report) =>
        measuresOf(report).filter(({ key }) => key === measure.key).map(({ value }) => value)
      )
    );
    const [left, right] = both as [number[], number[]];
    // A number that only some runs have cannot be paired.
    if (left.length !== seeds.length || right.length !== seeds.length) return [];
    return [compareMeasure(measure, left, right)];
  });
  const [curveA, curveB] = await Promise.all(SIDES.map((side) => curveOf(folder, side, seeds)));
  return {
    names: plan.names,
    differences: differencesOf(plan.configs.a, plan.configs.b),
    seeds,
    planned: [...plan.seeds],
    measures,
    speed,
    // Losses of other seeds than these cannot be paired with anything.
    corruption: corruption && String(corruption.seeds) === String(seeds)
      ? compareCorruption(corruption)
      : null,
    curves: { a: curveA!, b: curveB! },
  };
}

/** Seeds that both sides have finished. */
export async function finishedSeeds(folder: CompareFolder): Promise<number[]> {
  const seeds: number[] = [];
  for (const seed of folder.plan.seeds) {
    const ready = await Promise.all(SIDES.map((side) => isFinished(runPathOf(folder, side, seed))));
    if (ready.every(Boolean)) seeds.push(seed);
  }
  return seeds;
}

/** The reports of one side, in the order of the seeds. */
async function reportsOf(
  folder: CompareFolder,
  side: Side,
  seeds: readonly number[],
): Promise<ReportNumbers[]> {
  return await Promise.all(seeds.map(async (seed) => {
    const path = runFile({ path: runPathOf(folder, side, seed) }, "report");
    return JSON.parse(await Deno.readTextFile(path)) as ReportNumbers;
  }));
}

/** Held-out loss of one side at every step that all its seeds have measured. */
async function curveOf(
  folder: CompareFolder,
  side: Side,
  seeds: readonly number[],
): Promise<CurvePoint[]> {
  const runs = await Promise.all(seeds.map(async (seed) => {
    const lines = await readMetrics(join(runPathOf(folder, side, seed), "metrics.jsonl"));
    return new Map(
      lines.flatMap((line) => line.kind === "heldout" ? [[line.step, line.loss] as const] : []),
    );
  }));
  const steps = [...runs[0]!.keys()].filter((step) => runs.every((run) => run.has(step)));
  return steps.map((step) => ({ step, ...meanInterval(runs.map((run) => run.get(step)!)) }));
}
