import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { integers, random } from "../suite.ts";

type Fn = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

function moved(name: string, shape: number[], fn: Fn): Case[] {
  return [
    {
      name: `${name} of [${shape}]`,
      inputs: { x: random(shape) },
      fn: ({ x }: TensorRecord) => fn(x!),
    },
    {
      name: `${name} of whole numbers [${shape}]`,
      inputs: { x: integers(9, shape) },
      fn: ({ x }: TensorRecord) => fn(x!),
    },
  ];
}

/** Moving, cutting, joining and filling. */
export const shapeCases: Case[] = [
  ...moved("reshape()", [2, 6], (x) => [tf.reshape(x, [3, 4]), tf.reshape(x, [-1, 2, 3])]),
  ...moved(
    "reshape() of a reshaped tensor",
    [2, 6],
    (x) => tf.reshape(tf.reshape(x, [12]), [4, 3]),
  ),
  ...moved("expandDims() and squeeze()", [2, 3], (x) => [
    tf.expandDims(x, 0),
    tf.expandDims(x, -1),
    tf.squeeze(tf.expandDims(x, 1)),
  ]),
  ...moved("flatten()", [2, 3], (x) => tf.reshape(x, [-1])),
  ...moved("transpose()", [2, 3], (x) => tf.transpose(x)),
  ...moved("transpose() of three axes", [2, 3, 4], (x) => [
    tf.transpose(x, [2, 0, 1]),
    tf.transpose(x, [1, 0, 2]),
  ]),
  ...moved("transpose() of five axes", [2, 1, 2, 3, 2], (x) => tf.transpose(x, [2, 0, 3, 1, 4])),
  ...moved("slice()", [3, 4], (x) => [
    tf.slice(x, [1, 0], [2, 3]),
    tf.slice(x, [0, 2], [-1, -1]),
    tf.slice(x, 1),
    tf.slice(x, [0, 0], [3, 4]),
  ]),
  ...moved("stridedSlice()", [5, 6], (x) => [
    tf.stridedSlice(x, [0, 1], [5, 6], [2, 2]),
    tf.stridedSlice(x, [4, 5], [0, 0], [-1, -2]),
    tf.stridedSlice(x, [1, 0], [3, 6], [1, 1], 0, 0, 0, 0, 1),
  ]).map((test) => ({ ...test, gradient: false })),
  ...moved("split()", [4, 6], (x) => [...tf.split(x, 2, 0), ...tf.split(x, [1, 2, 3], 1)]),
  ...moved("unstack()", [3, 2], (x) => [...tf.unstack(x, 0), ...tf.unstack(x, 1)]),
  ...moved("reverse()", [3, 4], (x) => [tf.reverse(x, 0), tf.reverse(x, [0, 1])]),
  ...moved("pad()", [2, 3], (x) => [tf.pad(x, [[1, 2], [0, 1]]), tf.pad(x, [[0, 0], [2, 0]], 5)]),
  ...moved("mirrorPad()", [3, 4], (x) => tf.mirrorPad(x, [[1, 1], [2, 0]], "reflect"))
    .map((test) => ({ ...test, gradient: false })),
  ...moved("tile()", [2, 3], (x) => [tf.tile(x, [2, 1]), tf.tile(x, [1, 3]), tf.tile(x, [2, 2])]),
  ...moved("tile() of one", [1, 3], (x) => [tf.tile(x, [4, 1]), tf.tile(x, [2, 2])]),
  ...moved(
    "broadcastTo()",
    [3, 1],
    (x) => [tf.broadcastTo(x, [3, 4]), tf.broadcastTo(x, [2, 3, 4])],
  ),
  ...moved("concat() with itself", [2, 3], (x) => [tf.concat([x, x], 0), tf.concat([x, x, x], 1)]),
  {
    name: "concat() of different sizes",
    inputs: { a: random([2, 3]), b: random([2, 1]), c: random([2, 2]) },
    fn: ({ a, b, c }) => [tf.concat([a!, b!, c!], 1), tf.concat([a!, b!], -1)],
  },
  {
    name: "concat() with something empty",
    inputs: { a: random([2, 3]) },
    fn: ({ a }) => tf.concat([a!, tf.zeros([0, 3])], 0),
    gradient: false,
  },
  {
    name: "stack()",
    inputs: { a: random([2, 3]), b: random([2, 3], 2) },
    fn: ({ a, b }) => [tf.stack([a!, b!]), tf.stack([a!, b!], 1), tf.stack([a!, b!], 2)],
  },
  {
    name: "broadcast tensors reshaped, joined and summed",
    inputs: { x: random([1, 3]) },
    fn: ({ x }) => {
      const wide = tf.broadcastTo(x!, [2, 3]);
      return [tf.reshape(wide, [3, 2]), tf.concat([wide, wide], 0), tf.sum(tf.mul(wide, wide), 1)];
    },
  },
  {
    name: "constants: zeros, ones, fill, range, linspace, eye",
    inputs: { x: random([2, 3]) },
    fn: ({ x }) => [
      tf.add(x!, tf.zerosLike(x!)),
      tf.mul(tf.onesLike(x!), x!),
      tf.fill([2, 2], 7),
      tf.fill([12], 3, "int32"),
      tf.range(0, 5, 1, "int32"),
      tf.range(3, 0, -0.5),
      tf.linspace(0, 1, 11),
      tf.matMul(x!, tf.eye(3)),
      tf.tensor2d([[1, 2], [3, 4]]),
      tf.tensor1d([true, false], "bool"),
    ],
  },
  {
    name: "an input and a constant handed through as they are",
    inputs: { x: random([2, 3]) },
    fn: ({ x }) => [x!, tf.reshape(x!, [6]), tf.scalar(3)],
  },
];
