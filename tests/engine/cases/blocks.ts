import * as tf from "@tensorflow/tfjs-core";
import { attention, gelu, groupNorm, layerNorm, selfAttention } from "@course/engine/ops/mod.ts";
import type { Case } from "../suite.ts";
import { random } from "../suite.ts";

/** The engine's own operations and small pieces of networks. */
export const blockCases: Case[] = [
  ...[[2, 5], [2, 3, 6], [2, 2, 3, 4]].flatMap((shape): Case[] => [
    {
      name: `layerNorm() of [${shape}]`,
      inputs: { x: random(shape) },
      fn: ({ x }) => layerNorm(x!),
      tolerance: 1e-4,
    },
    {
      name: `layerNorm() of [${shape}] with scale and shift`,
      inputs: {
        x: random(shape),
        scale: random([shape.at(-1)!]),
        shift: random([shape.at(-1)!], 2),
      },
      fn: ({ x, scale, shift }) => layerNorm(x!, { scale: scale!, shift: shift!, epsilon: 1e-5 }),
      tolerance: 1e-4,
    },
  ]),
  {
    name: "layerNorm() with a scale and shift for each image",
    inputs: { x: random([2, 3, 4]), scale: random([2, 1, 4]), shift: random([2, 1, 4], 2) },
    fn: ({ x, scale, shift }) => layerNorm(x!, { scale: scale!, shift: shift! }),
    tolerance: 1e-4,
  },
  ...[1, 2, 6].map((groups): Case => ({
    name: `groupNorm() of ${groups} groups`,
    inputs: { x: random([2, 3, 2, 6]), scale: random([6]), shift: random([6], 2) },
    fn: ({ x, scale, shift }) => groupNorm(x!, groups, { scale: scale!, shift: shift! }),
    tolerance: 1e-4,
  })),
  {
    name: "groupNorm() without scale and shift",
    inputs: { x: random([2, 3, 3, 4]) },
    fn: ({ x }) => groupNorm(x!, 2),
    tolerance: 1e-4,
  },
  ...[1, 2, 4].map((heads): Case => ({
    name: `attention() with ${heads} heads`,
    inputs: { q: random([2, 3, 8]), k: random([2, 5, 8], 2), v: random([2, 5, 8], 3) },
    fn: ({ q, k, v }) => attention(q!, k!, v!, heads),
  })),
  {
    name: "selfAttention()",
    inputs: { qkv: random([2, 4, 24]) },
    fn: ({ qkv }) => selfAttention(qkv!, 2),
  },
  {
    name: "a transformer block",
    inputs: {
      x: random([2, 3, 8]),
      qkv: random([8, 24]),
      out: random([8, 8]),
      up: random([8, 8], 2),
      down: random([8, 8], 3),
    },
    fn: ({ x, qkv, out, up, down }) => {
      const rows = (x: tf.Tensor, weight: tf.Tensor) =>
        tf.reshape(tf.matMul(tf.reshape(x, [6, -1]), weight), [2, 3, -1]);
      const mixed = selfAttention(rows(layerNorm(x!), qkv!), 2);
      const y = tf.add(x!, rows(mixed, out!));
      return tf.add(y, rows(gelu(rows(layerNorm(y), up!)), down!));
    },
    tolerance: 1e-4,
  },
];
