import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "@course/tensors.ts";
import type { Case } from "../suite.ts";
import { distinct, integers, random } from "../suite.ts";

/** Comparison, logic, selection, change of type. */
export const logicCases: Case[] = [
  ...([[[2, 3], [3]], [[3, 1], [1, 4]], [[], [4]]] as [number[], number[]][]).flatMap((
    [a, b],
  ): Case[] => [
    {
      name: `comparisons of [${a}] and [${b}]`,
      inputs: { a: distinct(a), b: distinct(b, 2) },
      fn: ({ a, b }) => [
        tf.equal(a!, b!),
        tf.notEqual(a!, b!),
        tf.greater(a!, b!),
        tf.greaterEqual(a!, b!),
        tf.less(a!, b!),
        tf.lessEqual(a!, b!),
      ],
      gradient: false,
    },
    {
      name: `comparisons of whole numbers [${a}] and [${b}]`,
      inputs: { a: integers(3, a), b: integers(3, b, 2) },
      fn: ({ a, b }) => [
        tf.equal(a!, b!),
        tf.notEqual(a!, b!),
        tf.greater(a!, b!),
        tf.greaterEqual(a!, b!),
        tf.less(a!, b!),
        tf.lessEqual(a!, b!),
      ],
    },
    {
      name: `logic of [${a}] and [${b}]`,
      inputs: { a: integers(2, a), b: integers(2, b, 2) },
      fn: (inputs) => {
        const [a, b] = [tf.cast(inputs.a!, "bool"), tf.cast(inputs.b!, "bool")];
        return [tf.logicalAnd(a, b), tf.logicalOr(a, b), tf.logicalXor(a, b), tf.logicalNot(a)];
      },
    },
  ]),
  {
    name: "isNaN(), isInf(), isFinite()",
    inputs: { x: float32([5], [1, NaN, Infinity, -Infinity, 0]) },
    fn: ({ x }) => [tf.isNaN(x!), tf.isInf(x!), tf.isFinite(x!)],
    gradient: false,
  },
  {
    name: "where() of equal shapes",
    inputs: { c: integers(2, [2, 3]), a: random([2, 3]), b: random([2, 3], 2) },
    fn: ({ c, a, b }) => tf.where(tf.cast(c!, "bool"), a!, b!),
  },
  {
    name: "where() that broadcasts its condition",
    inputs: { c: integers(2, [2, 1]), a: random([2, 3]), b: random([3], 2) },
    fn: ({ c, a, b }) => tf.where(tf.cast(c!, "bool"), a!, b!),
  },
  {
    name: "where() with numbers",
    inputs: { x: distinct([2, 3]) },
    fn: ({ x }) => [
      tf.where(tf.greater(x!, 0), x!, 0),
      tf.where(tf.greater(x!, 0), tf.scalar(1), tf.mul(x!, 2)),
      tf.where(tf.logicalNot(tf.logicalAnd(tf.greaterEqual(x!, -0.1), tf.less(x!, 1))), x!, 0),
    ],
  },
  {
    name: "where() of whole numbers",
    inputs: { a: integers(9, [4]), b: integers(9, [4], 2) },
    fn: ({ a, b }) => tf.where(tf.less(a!, b!), a!, b!),
  },
  {
    name: "cast() between types",
    inputs: { x: float32([6], [-2.7, -1, 0, 0.4, 1, 2.7]), n: integers(3, [4]) },
    fn: ({ x, n }) => [
      tf.cast(x!, "int32"),
      tf.cast(x!, "bool"),
      tf.cast(n!, "float32"),
      tf.cast(n!, "bool"),
      tf.cast(tf.cast(x!, "bool"), "float32"),
      tf.cast(tf.cast(x!, "bool"), "int32"),
    ],
    gradient: false,
  },
  {
    name: "cast() passes gradients from float to float",
    inputs: { x: random([3]) },
    fn: ({ x }) => tf.square(tf.cast(x!, "float32")),
  },
];
