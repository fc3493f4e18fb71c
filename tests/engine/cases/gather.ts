import * as tf from "@tensorflow/tfjs-core";
import { int32 } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { integers, random } from "../suite.ts";

const GATHERS: [number[], number[], number, number][] = [
  [[5], [7], 0, 0],
  [[5, 3], [4], 0, 0],
  [[5, 3], [2, 3], 0, 0],
  [[2, 5], [3], 1, 0],
  [[2, 5, 3], [4], 1, 0],
  [[2, 3, 5], [4], -1, 0],
  [[2, 5, 3], [2, 4], 1, 1],
  [[2, 3, 5], [2, 4], 2, 1],
];

/** Reading and writing at given places. */
export const gatherCases: Case[] = [
  ...GATHERS.map(([x, indices, axis, batchDims]): Case => ({
    name: `gather() of [${x}] at [${indices}] along ${axis}, ${batchDims} batch axes`,
    inputs: { x: random(x), indices: integers(x.at(axis)!, indices) },
    fn: ({ x, indices }) => tf.gather(x!, indices!, axis, batchDims),
    // tfjs's own gradient takes the rows of each batch as they lie, which is right for axis 1 only.
    ...(batchDims > 0 && axis > batchDims && { gradient: false }),
  })),
  {
    name: "an embedding whose rows are read several times",
    inputs: { table: random([4, 3]), ids: int32([2, 3], [1, 1, 3, 0, 1, 3]) },
    fn: ({ table, ids }) => tf.square(tf.gather(table!, ids!)),
  },
  {
    name: "an embedding of many rows",
    inputs: { table: random([600, 5]), ids: int32([8], [599, 0, 17, 17, 17, 512, 0, 511]) },
    fn: ({ table, ids }) => tf.gather(table!, ids!),
  },
  {
    name: "unsortedSegmentSum() of few and of many segments",
    inputs: { x: random([6, 2, 2]), ids: int32([6], [0, 2, 2, 1, 0, 2]) },
    fn: ({ x, ids }) => [
      tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 4),
      tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 600),
    ],
    // tfjs's own gradient puts zeros for the elements whose segment is 0.
    noReference: "checked against finite differences",
  },
  {
    name: "gatherND()",
    inputs: { x: random([3, 4, 2]), at: int32([3, 2], [0, 1, 2, 3, 1, 0]) },
    fn: ({ x, at }) => [tf.gatherND(x!, at!), tf.gatherND(x!, tf.slice(at!, [0, 0], [3, 1]))],
    gradient: false,
  },
  {
    name: "scatterND() adds where places repeat",
    inputs: { at: int32([4, 1], [4, 1, 1, 4]), rows: random([4, 3]) },
    fn: ({ at, rows }) => tf.scatterND(at!, rows!, [6, 3]),
    gradient: false,
  },
  {
    name: "scatterND() at two axes",
    inputs: { at: int32([3, 2], [0, 1, 2, 3, 0, 1]), values: random([3]) },
    fn: ({ at, values }) => tf.scatterND(at!, values!, [3, 4]),
    gradient: false,
  },
  ...[[4], [2, 3]].map((shape): Case => ({
    name: `oneHot() of [${shape}]`,
    inputs: { ids: integers(5, shape) },
    fn: ({ ids }) => [
      tf.oneHot(ids!, 5),
      tf.oneHot(ids!, 3),
      tf.oneHot(ids!, 5, 0.9, 0.025, "float32"),
    ],
  })),
];
