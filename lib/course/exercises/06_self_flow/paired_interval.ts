import { pairedDifference } from "../../../evaluation/compare/statistics.ts";
import type { Exercise } from "../../exercise.ts";

const QUANTILES = [
  NaN,
  12.7062,
  4.30265,
  3.18245,
  2.77645,
  2.57058,
  2.44691,
  2.36462,
  2.306,
  2.26216,
  2.22814,
];
/** Runs of five seeds whose losses differ much from seed to seed, and little within a pair. */
const a = [0.412, 0.455, 0.391, 0.47, 0.43], b = [0.409, 0.45, 0.39, 0.462, 0.427];
const ten = Array.from({ length: 10 }, (_, i) => Math.sin(3 * i)),
  other = ten.map((v, i) => v + 0.1 + 0.05 * Math.cos(7 * i));

/** Exercise 6.6. */
export const pairedIntervalExercise: Exercise = {
  id: "6.6",
  name: "pairedInterval",
  title: "Paired difference with its interval",
  difficulty: 3,
  importance: 5,
  minutes: 10,
  hints: [
    "First the list of differences, b − a, seed by seed. From then on forget a and b.",
    "Their deviation s has n − 1 below, since the mean was taken from the same numbers.",
    "The mean of n numbers is √n times more certain than one of them: reach = QUANTILES[n − 1] · s / √n.",
  ],
  checks: [
    {
      name: "differences 1, 2, 3, by hand: 2 ∓ 4.30265 · 1 / √3",
      args: [[5, 5, 5], [6, 7, 8]],
      expected: () => ({ mean: 2, low: -0.484138, high: 4.484138 }),
      tolerance: 1e-4,
    },
    {
      name: "what is the same in every pair is certain",
      args: [[1, 7, 3, 9], [0.5, 6.5, 2.5, 8.5]],
      expected: () => ({ mean: -0.5, low: -0.5, high: -0.5 }),
      tolerance: 1e-6,
    },
    {
      name: "two seeds",
      args: [[0.4, 0.5], [0.39, 0.47]],
      expected: () => ends([0.4, 0.5], [0.39, 0.47]),
      tolerance: 1e-4,
    },
    {
      name: "five seeds that differ much among each other, and little within a pair",
      args: [a, b],
      expected: () => ends(a, b),
      tolerance: 1e-5,
    },
    {
      name: "ten seeds",
      args: [ten, other],
      expected: () => ends(ten, other),
      tolerance: 1e-4,
    },
  ],
  bugs: [
    {
      name: "a − b",
      says: "The sign is turned: the difference is b − a, so less than 0 means that B has less.",
      wrong: (a: readonly number[], b: readonly number[]) => interval(b, a),
    },
    {
      name: "not paired",
      says:
        "The interval is that of two groups that have nothing to do with each other: what seeds have in common has not " +
        "dropped out. Take the differences first.",
      wrong: (a: readonly number[], b: readonly number[]) => {
        const n = a.length, mean = meanOf(b) - meanOf(a);
        const reach = QUANTILES[n - 1]! * Math.sqrt((variance(a) + variance(b)) / n);
        return { mean, low: mean - reach, high: mean + reach };
      },
    },
    {
      name: "without √n",
      says:
        "This is how far single differences scatter. The interval is for their mean: divide by √n.",
      wrong: (a: readonly number[], b: readonly number[]) => interval(a, b, { root: false }),
    },
    {
      name: "normal distribution",
      says:
        "The factor is 1.96, that of the normal distribution. It holds for many runs; for so few the interval must be wider.",
      wrong: (a: readonly number[], b: readonly number[]) => interval(a, b, { factor: 1.96 }),
    },
    {
      name: "n degrees of freedom",
      says: "The factor is that of one degree of freedom more: there are n − 1 of them.",
      wrong: (a: readonly number[], b: readonly number[]) =>
        interval(a, b, { factor: QUANTILES[a.length]! }),
    },
    {
      name: "divided by n",
      says: "The deviation divides by n: below the sum of squares stands n − 1.",
      wrong: (a: readonly number[], b: readonly number[]) => interval(a, b, { below: a.length }),
    },
    {
      name: "variance for deviation",
      says: "The root is missing: s is the root of the mean square.",
      wrong: (a: readonly number[], b: readonly number[]) => {
        const d = a.map((value, i) => b[i]! - value), n = d.length;
        const reach = QUANTILES[n - 1]! * variance(d) / Math.sqrt(n);
        return { mean: meanOf(d), low: meanOf(d) - reach, high: meanOf(d) + reach };
      },
    },
  ],
};

function interval(
  a: readonly number[],
  b: readonly number[],
  { root = true, factor = QUANTILES[a.length - 1]!, below = a.length - 1 } = {},
) {
  const d = a.map((value, i) => b[i]! - value), mean = meanOf(d), n = d.length;
  const s = Math.sqrt(variance(d) * (n - 1) / below);
  const reach = factor * s / (root ? Math.sqrt(n) : 1);
  return { mean, low: mean - reach, high: mean + reach };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The library's answer. */
function ends(a: readonly number[], b: readonly number[]) {
  const { mean, low, high } = pairedDifference(a, b);
  return { mean, low, high };
}
