import type * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { numberOf } from "../../outputs.ts";
import { normal } from "./values.ts";

/** More prompts than noises, and another number of each than of features. */
const wide = normal([4, 3, 6], 1), tall = normal([2, 5, 4], 2);
const asMany = normal([3, 3, 3], 3);

/** Exercise 4.6. */
export const promptSensitivityExercise: Exercise = {
  id: "4.6",
  name: "promptSensitivity",
  title: "Does it listen?",
  difficulty: 3,
  importance: 4,
  minutes: 12,
  hints: [
    "grid[p][s] is one picture, a list of numbers. Collect the distances in two lists, `byPrompt` and `byNoise`; " +
    "divide their means and take the root of that.",
    "The same noise and different prompts: grid[p][s] and grid[q][s] with q below p, for every s. So each pair is " +
    "counted once, and no picture is compared with itself.",
    "The same prompt and different noises: grid[p][s] and grid[p][z] with z below s, for every p.",
  ],
  checks: [
    {
      name: "two prompts, two noises, one number each, calculated by hand",
      // by prompt: (4 − 0)² and (5 − 1)², mean 16; by noise: (1 − 0)² and (5 − 4)², mean 1; √(16 / 1)
      args: [float32([2, 2, 1], [0, 1, 4, 5])],
      expected: () => 4,
    },
    {
      name: "a deaf model: the prompt changes nothing",
      args: [float32([2, 3, 1], [1, 2, 5, 1, 2, 5])],
      expected: () => 0,
    },
    {
      name: "three prompts, two noises, by hand",
      // by prompt: 1, 9, 4 for the first noise and 4, 16, 4 for the second, mean 38/6; by noise: 0, 1, 1, mean 2/3
      args: [float32([3, 2, 1], [0, 0, 1, 2, 3, 4])],
      expected: () => Math.sqrt((38 / 6) / (2 / 3)),
    },
    {
      name: "four prompts, three noises, six numbers",
      args: [wide],
      expected: () => ratioOf(wide),
    },
    {
      name: "two prompts, five noises, four numbers",
      args: [tall],
      expected: () => ratioOf(tall),
    },
    {
      name: "three of everything",
      args: [asMany],
      expected: () => ratioOf(asMany),
    },
    {
      name: "pictures twice as bright do not change it",
      calls: [[wide], [float32(wide.shape, [...wide.data].map((value) => 2 * value))]],
      judge: (outputs) => {
        const [once, twice] = outputs.map(numberOf);
        if (Math.abs(once! - twice!) > 1e-4) {
          return `${once} became ${twice}: expected the same`;
        }
      },
    },
  ],
  bugs: [
    {
      name: "upside down",
      says: "This is the distance by noise divided by that by prompt: it is upside down.",
      wrong: (pictures: tf.Tensor) => Math.sqrt(means(pictures).byNoise / means(pictures).byPrompt),
    },
    {
      name: "by prompt alone",
      says:
        "This is the mean distance by prompt. Divide it by that of noise: how much pictures differ anyway.",
      wrong: (pictures: tf.Tensor) => Math.sqrt(means(pictures).byPrompt),
    },
    {
      name: "root forgotten",
      says: "The root of the ratio is missing.",
      wrong: (pictures: tf.Tensor) => means(pictures).byPrompt / means(pictures).byNoise,
    },
    {
      name: "difference",
      says: "The two means are subtracted; the ratio is asked for.",
      wrong: (pictures: tf.Tensor) =>
        Math.sqrt(means(pictures).byPrompt) - Math.sqrt(means(pictures).byNoise),
    },
    {
      name: "roots of the distances",
      says: "The root is taken of every distance, before the means. It comes last, once.",
      wrong: (pictures: tf.Tensor) => {
        const { byPrompt, byNoise } = means(pictures, Math.sqrt);
        return byPrompt / byNoise;
      },
    },
    {
      name: "sums",
      says:
        "The distances are added up. There are not equally many pairs of both kinds: compare their means.",
      wrong: (pictures: tf.Tensor) => {
        const [prompts, noises] = pictures.shape as [number, number];
        const { byPrompt, byNoise } = means(pictures);
        return Math.sqrt(byPrompt * (prompts - 1) / (byNoise * (noises - 1)));
      },
    },
    {
      name: "with another noise too",
      says:
        "Pictures of different prompts are compared with different noises as well. Change one thing at a time: the " +
        "same noise, another prompt.",
      wrong: (pictures: tf.Tensor) => {
        const rows = pictures.arraySync() as number[][][];
        const byPrompt = rows.flatMap((row, p) =>
          rows.slice(0, p).flatMap((other) => row.flatMap((a) => other.map((b) => distance(a, b))))
        );
        return Math.sqrt(mean(byPrompt) / means(pictures).byNoise);
      },
    },
    {
      name: "each with itself",
      says: "Pictures are compared with themselves too, at distance 0.",
      wrong: (pictures: tf.Tensor) => {
        const [prompts, noises] = pictures.shape as [number, number];
        const { byPrompt, byNoise } = means(pictures);
        return Math.sqrt(byPrompt * (1 - 1 / prompts) / (byNoise * (1 - 1 / noises)));
      },
    },
    {
      name: "neighbours only",
      says: "Only neighbouring prompts and noises are compared. All pairs count.",
      wrong: (pictures: tf.Tensor) => {
        const rows = pictures.arraySync() as number[][][];
        const byPrompt = rows.slice(1).flatMap((row, p) =>
          row.map((a, s) => distance(a, rows[p]![s]!))
        );
        const byNoise = rows.flatMap((row) => row.slice(1).map((a, s) => distance(a, row[s]!)));
        return mean(byPrompt) / mean(byNoise);
      },
    },
  ],
};

function means(
  pictures: tf.Tensor,
  change = (distance: number) => distance,
): { byPrompt: number; byNoise: number } {
  const rows = pictures.arraySync() as number[][][];
  const columns = rows[0]!.map((_, s) => rows.map((row) => row[s]!));
  const ofPairs = (lists: number[][][]) =>
    mean(
      lists.flatMap((list) =>
        list.flatMap((a, i) => list.slice(0, i).map((b) => change(distance(a, b))))
      ),
    );
  return { byPrompt: ofPairs(columns), byNoise: ofPairs(rows) };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return mean(a.map((value, k) => (value - b[k]!) ** 2));
}

/**
 * The same by variances: the mean squared distance over all pairs of n numbers is 2 n / (n − 1) times their variance.
 */
function ratioOf({ data, shape }: HostTensor): number {
  const [prompts, noises, size] = shape as [number, number, number];
  const at = (p: number, s: number, k: number) => data[(p * noises + s) * size + k]!;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const spread = (numbers: number[]) => {
    const middle = mean(numbers);
    return 2 * numbers.reduce((sum, value) => sum + (value - middle) ** 2, 0) /
      (numbers.length - 1);
  };
  const byPrompt = range(noises).flatMap((s) =>
    range(size).map((k) => spread(range(prompts).map((p) => at(p, s, k))))
  );
  const byNoise = range(prompts).flatMap((p) =>
    range(size).map((k) => spread(range(noises).map((s) => at(p, s, k))))
  );
  return Math.sqrt(mean(byPrompt) / mean(byNoise));
}
