import { fileURLToPath } from "node:url";
import type { Comparison, MeasureComparison } from "../evaluation/compare/mod.ts";
import type { IntervalRow } from "./interval_figure.ts";

const FOLDER = new URL("../../docs/experiments/", import.meta.url);

/** A comparison that was run for the course: `docs/experiments/NAME.json`; undefined where it was not run yet. */
export async function readComparison(name: string): Promise<Comparison | undefined> {
  const path = fileURLToPath(new URL(`${name}.json`, FOLDER));
  try {
    return JSON.parse(await Deno.readTextFile(path), revive) as Comparison;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** JSON has no NaN and writes null: the ends of an interval that there is not. */
function revive(key: string, value: unknown): unknown {
  return value === null && ["low", "high", "deviation"].includes(key) ? NaN : value;
}

/** The measures with these keys, in this order; what was not measured is left out. */
export function measuresNamed(
  { measures }: Pick<Comparison, "measures">,
  keys: readonly string[],
): MeasureComparison[] {
  return keys.flatMap((key) => measures.find((measure) => measure.key === key) ?? []);
}

/** Losses by noise level: the range of t, and the measure. */
export function lossBins(
  { measures }: Pick<Comparison, "measures">,
): { from: number; to: number; measure: MeasureComparison }[] {
  return measures.flatMap((measure) => {
    const range = /^heldout_loss ([\d.]+)–([\d.]+)$/.exec(measure.key);
    return range ? [{ from: Number(range[1]), to: Number(range[2]), measure }] : [];
  });
}

/** The differences of a measure for a figure: in points for shares, else in per cent of A's mean. */
export function differenceRow({ name, a, b, difference, share }: MeasureComparison): IntervalRow {
  const unit = share ? 100 : 100 / Math.abs(a.mean);
  const { mean, low, high } = difference;
  return {
    name: name.trim(),
    mean: unit * mean,
    low: unit * low,
    high: unit * high,
    values: a.values.map((value, i) => unit * (b.values[i]! - value)),
  };
}
