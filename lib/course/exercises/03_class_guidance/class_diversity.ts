import type * as tf from "@tensorflow/tfjs-core";
import { classDiversity } from "../../../evaluation/diversity.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal, someLabels } from "./values.ts";

const features = normal([40, 6], 41), labels = someLabels(40, 4, 42);
/** Class 1 has many images that lie close together, class 0 has two far apart. */
const uneven = float32([6, 2], [0, 0, 6, 8, 1, 0, 2, 0, 3, 0, 4, 0]);
const unevenLabels = [0, 0, 1, 1, 1, 1];

/** Exercise 3.5. */
export const classDiversityExercise: Exercise = {
  id: "3.5",
  name: "classDiversity",
  title: "Diversity",
  difficulty: 3,
  importance: 3,
  minutes: 12,
  hints: [
    "One class at a time: `rows.filter((_, i) => labels[i] === asked)` are its images.",
    "Two loops over the members, the second only up to the first, visit every pair once and no image with itself.",
    "`Math.hypot(...differences)` is the square root of the sum of their squares: the Euclidean distance.",
    "Two means: first over the pairs of each class, then over the classes.",
  ],
  checks: [
    {
      name: "two images, calculated by hand: √(3² + 4²)",
      args: [float32([2, 2], [1, 1, 4, 5]), [7, 7]],
      expected: () => 5,
    },
    {
      name: "three in a row at 0, 1 and 3: the mean of 1, 2 and 3",
      args: [float32([3, 1], [0, 3, 1]), [0, 0, 0]],
      expected: () => 2,
    },
    {
      name: "images of different classes are not compared",
      args: [float32([4, 1], [0, 100, 2, 104]), [0, 1, 0, 1]],
      expected: () => 3,
    },
    {
      name: "a class counts once, however many images it has",
      // Class 0: one pair, distance 10. Class 1: 1, 2, 3, 4 in a row, mean 5/3.
      args: [uneven, unevenLabels],
      expected: () => (10 + 5 / 3) / 2,
      // Wide enough for who computes with tensors, in float32.
      tolerance: 1e-4,
    },
    {
      name: "40 images of 4 classes, 6 features",
      args: [features, labels],
      expected: () => classDiversity(features, labels),
      tolerance: 1e-4,
    },
  ],
  bugs: [
    {
      name: "squared distances",
      says: "The distances are squared: take the root.",
      wrong: (features: tf.Tensor, labels: number[]) =>
        overClasses(
          features,
          labels,
          (members) => mean(pairs(members, (a, b) => distance(a, b) ** 2)),
        ),
    },
    {
      name: "absolute differences",
      says:
        "The differences of the features are added up without squares. The Euclidean distance is the root of the sum of squares.",
      wrong: (features: tf.Tensor, labels: number[]) =>
        overClasses(
          features,
          labels,
          (members) =>
            mean(pairs(members, (a, b) => a.reduce((sum, v, k) => sum + Math.abs(v - b[k]!), 0))),
        ),
    },
    {
      name: "each image with itself",
      says:
        "Each image seems to be compared with itself too, at distance 0: that makes the mean too small.",
      wrong: (features: tf.Tensor, labels: number[]) =>
        overClasses(
          features,
          labels,
          (members) => 2 * sum(pairs(members, distance)) / members.length ** 2,
        ),
    },
    {
      name: "sum over pairs",
      says: "The distances of a class are added up: divide by the number of its pairs.",
      wrong: (features: tf.Tensor, labels: number[]) =>
        overClasses(features, labels, (members) => sum(pairs(members, distance))),
    },
    {
      name: "classes ignored",
      says:
        "Images of different classes are compared too. A 3 and a 7 are always far apart; that is no diversity.",
      wrong: (features: tf.Tensor) => mean(pairs(features.arraySync() as number[][], distance)),
    },
    {
      name: "all pairs in one pot",
      says:
        "The pairs of all classes are in one mean, so that large classes count more: first a mean for each class, " +
        "then the mean of these.",
      wrong: (features: tf.Tensor, labels: number[]) =>
        mean(groups(features, labels).flatMap((members) => pairs(members, distance))),
    },
  ],
};

function overClasses(
  features: tf.Tensor,
  labels: number[],
  measure: (members: number[][]) => number,
): number {
  return mean(groups(features, labels).map(measure));
}

function groups(features: tf.Tensor, labels: number[]): number[][][] {
  const rows = features.arraySync() as number[][];
  return [...Map.groupBy(rows.keys(), (row) => labels[row]!).values()]
    .map((members) => members.map((row) => rows[row]!));
}

function pairs(members: number[][], measure: (a: number[], b: number[]) => number): number[] {
  return members.flatMap((a, i) => members.slice(0, i).map((b) => measure(a, b)));
}

function distance(a: number[], b: number[]): number {
  return Math.hypot(...a.map((value, k) => value - b[k]!));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: number[]): number {
  return sum(values) / values.length;
}
