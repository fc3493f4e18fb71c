import * as tf from "@tensorflow/tfjs-core";
import { exactVelocity } from "../../../evaluation/diagnose/exact_field.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal, rowsOf } from "./values.ts";

const points = normal([3, 4], 11), examples = normal([5, 4], 12);
const wide = normal([2, 600], 13), wideExamples = normal([6, 600], 14);
/** Halfway between two examples, by Bayes' rule: the weight of the one at 1. */
const WEIGHT = 1 / (1 + Math.exp(-0.5));

/** Exercise 7.2. */
export const exactVelocityExercise: Exercise = {
  id: "7.2",
  name: "exactVelocity",
  title: "The exact velocity of finitely many examples",
  difficulty: 4,
  importance: 5,
  minutes: 15,
  hints: [
    "The differences x − (1 − t) · example of all pairs are [B, N, D], as in the exercise before. Their squares, added " +
    "up over axis 2, are [B, N].",
    "`tf.softmax(logs, 1)` makes weights of them, one row for each point. Leave it to `tf.softmax`: exp by hand " +
    "becomes 0 / 0 where all examples are far away.",
    "A mean with weights is a matrix product: [B, N] times [N, D].",
  ],
  checks: [
    {
      name: "one example: the velocity leads straight away from it, (x − x0) / t",
      args: [float32([1, 2], [1, -1]), 0.5, float32([1, 2], [0.5, 0.5])],
      expected: () => float32([1, 2], [1, -3]),
    },
    {
      name:
        "two examples, 0 and 1, at x = 0.5 and t = 0.5, by hand: the weight of 1 is 1 / (1 + e^−0.5)",
      args: [float32([1, 1], [0.5]), 0.5, float32([2, 1], [0, 1])],
      expected: () => float32([1, 1], [(0.5 - WEIGHT) / 0.5]),
    },
    {
      name: "at t = 1 nothing can be seen of the data: x minus the mean of the examples",
      args: [float32([2, 1], [3, -1]), 1, float32([3, 1], [0, 1, 5])],
      expected: () => float32([2, 1], [1, -3]),
    },
    {
      name: "near the data one example is left",
      args: [float32([1, 1], [0.9]), 0.05, float32([3, 1], [-1, 1, 2])],
      expected: () => float32([1, 1], [-2]),
      tolerance: 1e-4,
    },
    {
      name: "three points, five examples, four numbers",
      args: [points, 0.7, examples],
      expected: () => exact(points, 0.7, examples),
      tolerance: 1e-4,
    },
    {
      name: "600 numbers, where exp alone would be 0",
      args: [wide, 0.3, wideExamples],
      expected: () => exact(wide, 0.3, wideExamples),
      tolerance: 1e-3,
    },
  ],
  bugs: [
    {
      name: "sign flipped",
      says:
        "The sign of the velocity looks flipped: it leads from data to noise, x minus the data.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => tf.neg(field(x, t, all)),
    },
    {
      name: "examples not shrunk",
      says:
        "The examples are compared with x as they are. On the way, of an example only (1 − t) times it is there.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => field(x, t, all, { shrink: 1 }),
    },
    {
      name: "noise level forgotten",
      says: "The squares are not divided by t²: the nearer to the data, the surer one can be.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => field(x, t, all, { width: 2 }),
    },
    {
      name: "t not squared",
      says: "The squares are divided by 2 t. The noise has deviation t, so its variance is t².",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => field(x, t, all, { width: 2 * t }),
    },
    {
      name: "2 missing",
      says: "A factor of 2 is missing in the exponent of the normal distribution.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => field(x, t, all, { width: t * t }),
    },
    {
      name: "mean instead of sum",
      says:
        "The squared distance is a mean over the numbers. All D of them speak for or against an example: add them up.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) =>
        field(x, t, all, { width: 2 * t * t * x.shape[1]! }),
    },
    {
      name: "not divided by t",
      says: "This is x − x̂0, the whole way. Divide by t, the time that is left for it.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => tf.mul(t, field(x, t, all)),
    },
    {
      name: "nearest instead of mean",
      says:
        "One example alone is taken. Where several are likely, the answer lies between them, by their weights.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => {
        const chosen = tf.argMax(logsOf(x, t, all, {}), 1) as tf.Tensor1D;
        return tf.div(tf.sub(x, tf.gather(all, chosen)), t);
      },
    },
    {
      name: "exp by hand",
      says:
        "There are NaN where every example is far away: exp of a large negative number is 0, and 0 / 0 is NaN. " +
        "`tf.softmax` takes care of that.",
      wrong: (x: tf.Tensor, t: number, all: tf.Tensor) => {
        const likely = tf.exp(logsOf(x, t, all, {}));
        const weights = tf.div(likely, tf.sum(likely, 1, true)) as tf.Tensor2D;
        return tf.div(tf.sub(x, tf.matMul(weights, all as tf.Tensor2D)), t);
      },
    },
  ],
};

interface Changes {
  /** What stands in place of 1 − t. */
  shrink?: number;
  /** What squares are divided by. */
  width?: number;
}

function logsOf(
  x: tf.Tensor,
  t: number,
  examples: tf.Tensor,
  { shrink = 1 - t, width = 2 * t * t }: Changes,
): tf.Tensor {
  const differences = tf.sub(tf.expandDims(x, 1), tf.mul(shrink, tf.expandDims(examples, 0)));
  return tf.div(tf.sum(tf.square(differences), 2), -width);
}

function field(x: tf.Tensor, t: number, examples: tf.Tensor, changes: Changes = {}): tf.Tensor {
  const weights = tf.softmax(logsOf(x, t, examples, changes)) as tf.Tensor2D;
  return tf.div(tf.sub(x, tf.matMul(weights, examples as tf.Tensor2D)), t);
}

/** The tested library's answer, point by point. */
function exact(x: HostTensor, t: number, examples: HostTensor): HostTensor {
  const all = rowsOf(examples);
  return float32(x.shape, rowsOf(x).flatMap((point) => [...exactVelocity(point, t, all)]));
}
