import * as tf from "@tensorflow/tfjs-core";
import type { Case } from "../suite.ts";
import { between, distinct, integers, random } from "../suite.ts";

type Reduction = (x: tf.Tensor, axes?: number | number[], keepDims?: boolean) => tf.Tensor;

const AXES: [number[], number | number[] | undefined][] = [
  [[5], undefined],
  [[2, 3], 0],
  [[2, 3], 1],
  [[2, 3, 4], 1],
  [[2, 3, 4], [0, 2]],
  [[2, 3, 4], undefined],
];

function reduction(name: string, fn: Reduction, make = random, extra: Partial<Case> = {}): Case[] {
  return AXES.flatMap(([shape, axes]) =>
    [false, true].map((keepDims): Case => ({
      name: `${name} of [${shape}] over ${axes ?? "everything"}${keepDims ? ", axes kept" : ""}`,
      inputs: { x: make(shape) },
      fn: ({ x }) => fn(x!, axes, keepDims),
      ...extra,
    }))
  );
}

const positive = (shape: number[]) => between(0.5, 1.5, shape);

/** Sums, means, extremes, softmax. */
export const reductionCases: Case[] = [
  ...reduction("sum()", tf.sum),
  ...reduction("mean()", tf.mean),
  ...reduction("max()", tf.max, distinct),
  ...reduction("min()", tf.min, distinct),
  ...reduction("prod()", tf.prod, positive),
  ...reduction("logSumExp()", tf.logSumExp),
  {
    name: "moments()",
    inputs: { x: random([3, 4]) },
    fn: ({ x }) => {
      const { mean, variance } = tf.moments(x!, [1], true);
      return [mean, variance];
    },
  },
  {
    name: "norm()",
    inputs: { x: random([3, 4]) },
    fn: ({ x }) => [tf.norm(x!), tf.norm(x!, "euclidean", 1)],
  },
  {
    name: "reductions of whole numbers",
    inputs: { x: integers(5, [3, 4]) },
    fn: ({ x }) => [
      tf.sum(x!),
      tf.sum(x!, 1),
      tf.mean(x!, 0),
      tf.max(x!, 1),
      tf.min(x!),
      tf.prod(x!, 0),
    ],
  },
  {
    name: "sum() and mean() of truth values",
    inputs: { x: distinct([3, 4]) },
    fn: ({ x }) => [tf.sum(tf.greater(x!, 0)), tf.mean(tf.greater(x!, 0), 1)],
    gradient: false,
  },
  {
    name: "all() and any()",
    inputs: { x: integers(2, [3, 4]) },
    fn: ({ x }) => {
      const truth = tf.cast(x!, "bool");
      return [tf.all(truth), tf.all(truth, 1), tf.any(truth), tf.any(truth, 0, true)];
    },
  },
  {
    name: "argMax() and argMin()",
    inputs: { x: distinct([2, 3, 4]) },
    fn: ({ x }) => [tf.argMax(x!, 0), tf.argMax(x!, -1), tf.argMin(x!, 1)],
    gradient: false,
  },
  {
    name: "argMax() of equal numbers takes the first",
    inputs: { x: integers(2, [4, 5]) },
    fn: ({ x }) => [tf.argMax(x!, 1), tf.argMin(x!, 0)],
  },
  ...[[3], [2, 5], [2, 3, 4], [2, 2, 3, 4]].flatMap((shape): Case[] => [
    {
      name: `softmax() of [${shape}]`,
      inputs: { x: random(shape) },
      fn: ({ x }) => tf.softmax(x!),
    },
    {
      name: `logSoftmax() of [${shape}]`,
      inputs: { x: random(shape) },
      fn: ({ x }) => tf.logSoftmax(x!),
    },
  ]),
  {
    name: "softmax() of large numbers",
    inputs: { x: distinct([3, 4]) },
    fn: ({ x }) => [tf.softmax(tf.mul(x!, 200)), tf.logSoftmax(tf.mul(x!, 200))],
    gradient: false,
  },
  {
    name: "cross entropy of class labels",
    inputs: { logits: random([4, 3]), labels: integers(3, [4]) },
    fn: ({ logits, labels }) =>
      tf.losses.softmaxCrossEntropy(tf.oneHot(labels!, 3), logits!) as tf.Tensor,
  },
];
