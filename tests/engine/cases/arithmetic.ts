import * as tf from "@tensorflow/tfjs-core";
import type { TensorRecord } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { between, distinct, integers, random } from "../suite.ts";

/** Pairs of shapes that broadcast in every way there is. */
const PAIRS: [number[], number[]][] = [
  [[3], [3]],
  [[2, 3], []],
  [[], [2, 3]],
  [[2, 3, 4], [4]],
  [[3, 1], [1, 4]],
  [[2, 1, 3], [2, 4, 1]],
  [[2, 3], [2, 1, 3]],
];

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const over = (shape: number[], pair: number[]) => `[${shape}] and [${pair}]`;

function binary(name: string, fn: Binary, make = random): Case[] {
  return PAIRS.map(([a, b]) => ({
    name: `${name} of ${over(a, b)}`,
    inputs: { a: make(a, 1), b: make(b, 2) },
    fn: ({ a, b }: TensorRecord) => fn(a!, b!),
  }));
}

const positive = (shape: number[], seed = 1) => between(0.5, 2, shape, seed);
const apart = (shape: number[], seed = 1) => {
  const values = distinct(shape, seed);
  // The second operand lies between the values of the first: no ties.
  return { ...values, data: values.data.map((value) => value + 0.027 * (seed - 1)) };
};

/** Arithmetic of two tensors. */
export const arithmeticCases: Case[] = [
  ...binary("add()", tf.add),
  ...binary("sub()", tf.sub),
  ...binary("mul()", tf.mul),
  ...binary("div()", tf.div, positive),
  ...binary("maximum()", tf.maximum, apart),
  ...binary("minimum()", tf.minimum, apart),
  ...binary("pow()", tf.pow, positive),
  ...binary("squaredDifference()", tf.squaredDifference),
  ...[0, 1, 2, 3, 0.5, -1, -0.5].map((exponent): Case => ({
    name: `pow() with exponent ${exponent}`,
    inputs: { x: positive([2, 3]) },
    fn: ({ x }) => tf.pow(x!, exponent),
  })),
  ...[2, 3].map((exponent): Case => ({
    name: `pow() of negative numbers with exponent ${exponent}`,
    inputs: { x: distinct([2, 3]) },
    fn: ({ x }) => tf.pow(x!, exponent),
  })),
  {
    name: "addition of nothing, multiplication by one",
    inputs: { x: random([2, 3]), row: random([3]) },
    fn: ({ x, row }) => [
      tf.add(x!, 0),
      tf.mul(tf.ones([2, 3]), row!),
      tf.sub(tf.zeros([4, 2, 3]), x!),
      tf.div(x!, 1),
      tf.mul(x!, tf.ones([2, 2, 1])),
    ],
  },
  {
    name: "mod() has the sign of the divisor",
    inputs: { a: distinct([3, 4]), b: between(0.6, 0.9, [4]) },
    fn: ({ a, b }) => [tf.mod(a!, b!), tf.mod(a!, tf.neg(b!))],
    gradient: false,
  },
  {
    name: "floorDiv()",
    inputs: { a: distinct([3, 4]), b: between(0.6, 0.9, [4]) },
    fn: ({ a, b }) => tf.floorDiv(a!, b!),
    gradient: false,
  },
  {
    name: "addN()",
    inputs: { a: random([2, 3], 1), b: random([2, 3], 2), c: random([2, 3], 3) },
    fn: ({ a, b, c }) => tf.addN([a!, b!, c!]),
  },
  {
    name: "arithmetic of whole numbers",
    inputs: { a: integers(9, [2, 3]), b: integers(5, [3], 2) },
    fn: ({ a, b }) => {
      const divisor = tf.add(b!, tf.scalar(1, "int32"));
      return [
        tf.add(a!, b!),
        tf.sub(b!, a!),
        tf.mul(a!, b!),
        tf.maximum(a!, b!),
        tf.minimum(a!, b!),
        tf.floorDiv(tf.neg(a!), divisor),
        tf.div(a!, divisor),
        tf.mod(a!, divisor),
        tf.pow(a!, tf.scalar(2, "int32")),
        tf.square(a!),
        tf.abs(tf.sub(b!, a!)),
      ];
    },
  },
  {
    name: "arithmetic of float and whole numbers",
    inputs: { a: random([2, 3]), b: integers(5, [3]) },
    fn: ({ a, b }) => [tf.add(a!, b!), tf.mul(b!, a!)],
  },
  {
    name: "one tensor used several times",
    inputs: { x: random([2, 3]) },
    fn: ({ x }) => tf.mul(tf.add(x!, tf.mul(x!, x!)), tf.sum(x!, 0)),
  },
];
