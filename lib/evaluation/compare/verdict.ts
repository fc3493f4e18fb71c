import { type Interval, meanInterval, pairedDifference } from "./statistics.ts";
import type { Measure } from "./numbers.ts";

/** One number of both sides over the seeds, and what may be said about it. Goes into JSON as it is. */
export interface MeasureComparison extends Omit<Measure, "value"> {
  a: Interval & { values: number[] };
  b: Interval & { values: number[] };
  /** b − a, seed by seed. */
  difference: Interval;
  /** In words: who is better by how much, or that no difference can be claimed. */
  verdict: string;
  /** Who is better; null where it cannot be said. */
  winner: "a" | "b" | null;
}

/** Compares one number of both sides, given in the same order of seeds. */
export function compareMeasure(
  { key, name, better, share }: Omit<Measure, "value">,
  a: readonly number[],
  b: readonly number[],
): MeasureComparison {
  const difference = pairedDifference(a, b);
  const written = (value: number) => signed(value, share ? null : placesOf(difference));
  const between = `95 % interval ${written(difference.low)} to ${written(difference.high)}`;
  const { mean, low, high, count } = difference;
  const certain = low > 0 || high < 0;
  const winner = !certain || better === null
    ? null
    : (mean > 0) === (better === "more")
    ? "b"
    : "a";
  const verdict = count < 2
    ? "no difference can be claimed from one seed"
    : !certain
    ? `no difference can be claimed (B − A ${written(mean)}, ${between})`
    : winner
    ? `${winner.toUpperCase()} is better by ${written(Math.abs(mean)).slice(1)} ` +
      `(B − A ${written(mean)}, ${between})`
    : `B has ${mean > 0 ? "more" : "less"} (B − A ${written(mean)}, ${between})`;
  return {
    key,
    name,
    better,
    share,
    a: { ...meanInterval(a), values: [...a] },
    b: { ...meanInterval(b), values: [...b] },
    difference,
    verdict,
    winner,
  };
}

/** A number with its sign and so many places, in percentage points for null. */
function signed(value: number, places: number | null): string {
  const size = Math.abs(value);
  const text = places === null ? `${(100 * size).toFixed(1)} points` : size.toFixed(places);
  if (Number.parseFloat(text) === 0) return text;
  return (value > 0 ? "+" : "−") + text;
}

/** A mean with half the width of its interval: `0.154 ± 0.002`. */
export function intervalText(interval: Interval, share: boolean): string {
  const { mean, high } = interval, reach = high - mean, places = placesOf(interval);
  if (share) {
    const [value, around] = [mean, reach].map((one) => (100 * one).toFixed(1));
    return Number.isNaN(reach) ? `${value} %` : `${value} ± ${around} %`;
  }
  const value = mean.toFixed(places);
  return Number.isNaN(reach) ? value : `${value} ± ${reach.toFixed(places)}`;
}

/** Places after the point that show two digits of the interval, or three of the mean where there is none. */
function placesOf({ mean, high }: Interval): number {
  const reach = high - mean, [size, digits] = reach > 0 ? [reach, 2] : [Math.abs(mean), 3];
  if (size === 0) return 0;
  return Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}
