import * as tf from "@tensorflow/tfjs-core";
import { fullLevels, fullOptions } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { drawsOf, uniform } from "./values.ts";

type Given = [first: tf.Tensor, second: tf.Tensor, chance: tf.Tensor, share: number];

const first = uniform([4], 101), second = uniform([4], 102), chance = uniform([4, 9], 103);

/** Exercise 6.4. */
export const twoLevelsExercise: Exercise = {
  id: "6.4",
  name: "twoLevels",
  title: "Two noise levels, and what the teacher sees",
  difficulty: 2,
  importance: 3,
  minutes: 7,
  hints: [
    "`first` and `second` are `[B]`, tokens are `[B, N]`: `tf.expandDims(first, 1)` is `[B, 1]` and fits.",
    "With takes = 1 where chance < share, else 0: t = takes · second + (1 − takes) · first.",
    "The teacher sees the whole picture at `tf.minimum(first, second)`, whatever the tokens took.",
  ],
  checks: [
    {
      name: "one picture, the third of four tokens takes the second level",
      args: [
        float32([1], [0.2]),
        float32([1], [0.9]),
        float32([1, 4], [0.5, 0.8, 0.1, 0.25]),
        0.25,
      ],
      expected: () => ({
        t: float32([1, 4], [0.2, 0.2, 0.9, 0.2]),
        teacher: float32([1], [0.2]),
      }),
    },
    {
      name: "the second level is the lower one: then the teacher has that",
      args: [float32([1], [0.8]), float32([1], [0.3]), float32([1, 2], [0.9, 0.1]), 0.5],
      expected: () => ({ t: float32([1, 2], [0.8, 0.3]), teacher: float32([1], [0.3]) }),
    },
    {
      name: "no token takes the second level: the teacher still has the lower",
      args: [float32([1], [0.8]), float32([1], [0.3]), float32([1, 2], [0.9, 0.7]), 0.5],
      expected: () => ({ t: float32([1, 2], [0.8, 0.8]), teacher: float32([1], [0.3]) }),
    },
    {
      name: "four pictures of nine tokens, as the library draws them",
      args: [first, second, chance, 0.25],
      expected: () => fromLibrary(0.25),
    },
    {
      name: "the same with half of the tokens",
      args: [first, second, chance, 0.5],
      expected: () => fromLibrary(0.5),
    },
  ],
  bugs: [
    {
      name: "the teacher sees the noisier",
      says:
        "The teacher has the higher level. It must see more than the student, or it has nothing to teach.",
      wrong: (...given: Given) => ({
        t: levels(...given),
        teacher: tf.maximum(given[0], given[1]),
      }),
    },
    {
      name: "the teacher sees the first",
      says: "The teacher always has the first level, also where the second is lower.",
      wrong: (...given: Given) => ({ t: levels(...given), teacher: given[0] }),
    },
    {
      name: "the lowest that was taken",
      says:
        "The teacher has the lowest level among the tokens. Where no token took the lower one, this is the higher.",
      wrong: (...given: Given) => ({ t: levels(...given), teacher: tf.min(levels(...given), 1) }),
    },
    {
      name: "levels exchanged",
      says: "First and second are exchanged: the share of tokens takes the second level.",
      wrong: (...[first, second, chance, share]: Given) => ({
        t: levels(second, first, chance, share),
        teacher: tf.minimum(first, second),
      }),
    },
    {
      name: "the mean of both",
      says: "The teacher has the mean of both levels: it should have the lower.",
      wrong: (...given: Given) => ({
        t: levels(...given),
        teacher: tf.div(tf.add(given[0], given[1]), 2),
      }),
    },
  ],
};

function levels(...[first, second, chance, share]: Given): tf.Tensor {
  const takes = tf.cast(tf.less(chance, share), "float32");
  return tf.add(
    tf.mul(takes, tf.expandDims(second, 1)),
    tf.mul(tf.sub(1, takes), tf.expandDims(first, 1)),
  );
}

function fromLibrary(maskShare: number): { t: HostTensor; teacher: HostTensor } {
  const drawn = fullLevels(fullOptions({ kind: "full", maskShare }, 4), {
    base: Float32Array.from(first.data),
    tokens: chance.shape[1]!,
    draw: () => Float32Array.from(second.data),
    random: drawsOf(chance.data),
  });
  return { t: drawn.t!, teacher: drawn.teacher_t! };
}
