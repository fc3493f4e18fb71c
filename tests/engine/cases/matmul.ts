import * as tf from "@tensorflow/tfjs-core";
import type { Case } from "../suite.ts";
import { random } from "../suite.ts";

/** Shapes of both factors as they lie in memory before either is transposed. */
const PRODUCTS: [string, number[], number[]][] = [
  ["matrices", [2, 3], [3, 4]],
  ["one row", [1, 5], [5, 2]],
  ["batches", [2, 3, 4], [2, 4, 2]],
  ["batches of batches", [2, 2, 3, 4], [2, 2, 4, 5]],
  ["a batch with one matrix", [3, 2, 4], [1, 4, 2]],
  ["one matrix with a batch", [1, 2, 4], [3, 4, 2]],
  ["batches of batches with one matrix", [2, 3, 2, 3], [1, 1, 3, 2]],
  ["batches of one", [1, 1, 2, 3], [1, 1, 3, 2]],
];

const flip = (shape: number[]) => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

/** Matrix products. */
export const matmulCases: Case[] = [
  ...PRODUCTS.flatMap(([name, a, b]) =>
    [[false, false], [true, false], [false, true], [true, true]].map(([left, right]): Case => ({
      name: `matMul() of ${name}${left ? ", left transposed" : ""}${
        right ? ", right transposed" : ""
      }`,
      inputs: { a: random(left ? flip(a) : a), b: random(right ? flip(b) : b, 2) },
      fn: ({ a, b }) => tf.matMul(a!, b!, left, right),
    }))
  ),
  {
    name: "dot() of vectors and matrices",
    inputs: { a: random([3]), b: random([3], 2), c: random([3, 2]) },
    fn: ({ a, b, c }) => [tf.dot(a!, b!), tf.dot(a!, c!)],
  },
  {
    name: "outerProduct()",
    inputs: { a: random([3]), b: random([4], 2) },
    fn: ({ a, b }) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  },
  ...["ij,jk->ik", "bij,bkj->bik", "ij->ji", "ij->i", "bi,bi->b"].map((equation): Case => {
    const sizes: Record<string, number> = { b: 2, i: 3, j: 4, k: 2 };
    const terms = equation.split("->")[0]!.split(",");
    const shapes = terms.map((term) => [...term].map((letter) => sizes[letter]!));
    return {
      name: `einsum() of ${equation}`,
      inputs: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, random(shape, i)])),
      fn: (inputs) => tf.einsum(equation, ...Object.values(inputs)),
      gradient: false,
    };
  }),
  {
    name: "a linear layer, its gradients shared by two uses",
    inputs: { x: random([4, 3]), weight: random([3, 3]), bias: random([3]) },
    fn: ({ x, weight, bias }) => {
      const once = tf.tanh(tf.add(tf.matMul(x!, weight!), bias!));
      return tf.add(tf.matMul(once, weight!), bias!);
    },
  },
];
