import * as tf from "@tensorflow/tfjs-core";
import { liteLevels, liteOptions } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { drawsOf, uniform } from "./values.ts";

type Given = [own: tf.Tensor, chance: tf.Tensor, share: number, level: number];

const own = uniform([3, 16], 81), chance = uniform([3, 16], 82);

/** Exercise 6.2. */
export const hideTokensExercise: Exercise = {
  id: "6.2",
  name: "hideTokens",
  title: "Hidden tokens",
  difficulty: 2,
  importance: 4,
  minutes: 6,
  hints: [
    "`tf.less(chance, share)` is true for the hidden ones.",
    "`tf.where(condition, yes, no)` chooses number by number. `tf.fill(shape, level)` is full of one number.",
    'The mask must be float32: `tf.cast(…, "float32")`.',
  ],
  checks: [
    {
      name: "four tokens, a quarter of all numbers is below 0.25, by hand",
      args: [
        float32([1, 4], [0.1, 0.2, 0.3, 0.4]),
        float32([1, 4], [0.9, 0.2, 0.25, 0.5]),
        0.25,
        1,
      ],
      expected: () => ({
        t: float32([1, 4], [0.1, 1, 0.3, 0.4]),
        masked: float32([1, 4], [0, 1, 0, 0]),
      }),
    },
    {
      name: "share 0 hides nothing",
      args: [float32([1, 2], [0.4, 0.7]), float32([1, 2], [0, 0.9]), 0, 1],
      expected: () => ({ t: float32([1, 2], [0.4, 0.7]), masked: float32([1, 2], [0, 0]) }),
    },
    {
      name: "share 1 hides everything, here behind a level of 0.9",
      args: [float32([1, 2], [0.4, 0.7]), float32([1, 2], [0, 0.9]), 1, 0.9],
      expected: () => ({ t: float32([1, 2], [0.9, 0.9]), masked: float32([1, 2], [1, 1]) }),
    },
    {
      name: "three pictures of 16 tokens, as the library draws them",
      args: [own, chance, 0.3, 0.95],
      expected: () => fromLibrary(own, chance, 0.3, 0.95),
    },
    {
      name: "the same with another share and level",
      args: [own, chance, 0.6, 1],
      expected: () => fromLibrary(own, chance, 0.6, 1),
    },
  ],
  bugs: [
    {
      name: "the others hidden",
      says: "It looks as if the wrong tokens were hidden: those with a chance below the share are.",
      wrong: (...[own, chance, share, level]: Given) =>
        chosen(own, tf.greaterEqual(chance, share), level),
    },
    {
      name: "clean instead of noise",
      says:
        "Hidden tokens got the level 1 − level. t = 1 is noise: what is hidden has a high level.",
      wrong: (...[own, chance, share, level]: Given) =>
        chosen(own, tf.less(chance, share), 1 - level),
    },
    {
      name: "level added",
      says: "The level is added to what the token had, which goes beyond 1. It takes its place.",
      wrong: (...[own, chance, share, level]: Given) => {
        const { t, masked } = chosen(own, tf.less(chance, share), level);
        return { t: tf.add(t, tf.mul(masked, own)), masked };
      },
    },
    {
      name: "own compared",
      says:
        "What is hidden follows from the token's own level here. It must depend on chance alone, or the network could " +
        "tell from a level whether it hides.",
      wrong: (...[own, , share, level]: Given) => chosen(own, tf.less(own, share), level),
    },
    {
      name: "whole pictures",
      says:
        "Whole pictures are hidden or not: the first chance decides for all tokens. Each token has a chance of its own.",
      wrong: (...[own, chance, share, level]: Given) => {
        const first = tf.tile(tf.slice(chance, [0, 0], [-1, 1]), [1, own.shape[1]!]);
        return chosen(own, tf.less(first, share), level);
      },
    },
    {
      name: "levels not replaced",
      says: "The mask is right, but t is unchanged: the hidden tokens still have their own levels.",
      wrong: (...[own, chance, share]: Given) => ({
        t: own,
        masked: tf.cast(tf.less(chance, share), "float32"),
      }),
    },
  ],
};

function chosen(own: tf.Tensor, hidden: tf.Tensor, level: number) {
  return {
    t: tf.where(hidden, tf.fill(own.shape, level), own),
    masked: tf.cast(hidden, "float32"),
  };
}

function fromLibrary(own: HostTensor, chance: HostTensor, maskShare: number, maskLevel: number) {
  const [batch, tokens] = own.shape as [number, number];
  const { t, masked } = liteLevels(liteOptions({ kind: "lite", maskShare, maskLevel }, 4), {
    base: new Float32Array(batch),
    tokens,
    draw: () => Float32Array.from(own.data),
    random: drawsOf(chance.data),
  });
  return { t: t!, masked: masked! };
}
