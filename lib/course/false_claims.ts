import { normals, type Random } from "../random.ts";

/** A rule that makes an interval of the difference of two recipes, from runs that belong together in pairs. */
export type IntervalRule = (
  a: readonly number[],
  b: readonly number[],
) => { low: number; high: number };

/**
 * How often a rule claims a difference, as a share of `times` made-up comparisons of so many seeds: losses vary from
 * seed to seed by 1 and within a pair by `within`, and B − A is `effect` on average. Without an effect every claim is
 * wrong.
 */
export function claimShare(
  rule: IntervalRule,
  { seeds, random, effect = 0, within = 1, times = 1000 }: {
    seeds: number;
    random: Random;
    effect?: number;
    within?: number;
    times?: number;
  },
): number {
  let claims = 0;
  for (let i = 0; i < times; i++) {
    const common = normals(random, seeds), first = normals(random, seeds);
    const second = normals(random, seeds);
    const a = Array.from(common, (value, k) => value + within * first[k]!);
    const b = Array.from(common, (value, k) => value + within * second[k]! + effect);
    const { low, high } = rule(a, b);
    if (low > 0 || high < 0) claims++;
  }
  return claims / times;
}
