import * as tf from "@tensorflow/tfjs-core";
import type { Case } from "../suite.ts";
import { between, distinct, integers, random } from "../suite.ts";

const AXES: [number[], number][] = [[[5], 0], [[2, 3], 0], [[2, 3], 1], [[2, 3, 4], 1]];
const WAYS = [[false, false], [true, false], [false, true], [true, true]] as const;

const how = (exclusive: boolean, reverse: boolean) =>
  `${exclusive ? ", exclusive" : ""}${reverse ? ", in reverse" : ""}`;

/** Running sums and products, largest elements. */
export const scanCases: Case[] = [
  ...AXES.flatMap(([shape, axis]) =>
    WAYS.flatMap(([exclusive, reverse]): Case[] => [
      {
        name: `cumsum() of [${shape}] along ${axis}${how(exclusive, reverse)}`,
        inputs: { x: random(shape) },
        fn: ({ x }) => tf.cumsum(x!, axis, exclusive, reverse),
      },
      {
        name: `cumprod() of [${shape}] along ${axis}${how(exclusive, reverse)}`,
        inputs: { x: between(-1.5, 1.5, shape) },
        fn: ({ x }) => tf.cumprod(x!, axis, exclusive, reverse),
        gradient: false,
      },
    ])
  ),
  {
    name: "cumsum() of whole numbers",
    inputs: { x: integers(9, [3, 4]) },
    fn: ({ x }) => tf.cumsum(x!, 1),
  },
  ...[1, 3, 5].map((k): Case => ({
    name: `topk() with k = ${k}`,
    inputs: { x: distinct([2, 3, 5]) },
    fn: ({ x }) => {
      const { values, indices } = tf.topk(x!, k);
      return [values, indices];
    },
    gradient: false,
  })),
  {
    name: "topk() of equal numbers takes the first",
    inputs: { x: integers(3, [2, 8]) },
    fn: ({ x }) => {
      const { values, indices } = tf.topk(x!, 4);
      return [values, indices];
    },
  },
];
