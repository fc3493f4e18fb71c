import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { meanOf } from "../../numbers.ts";

const exact = float32([4], [0.01, 0.02, 0.1, 0.8]);
const model = float32([4], [0.4, 0.3, 0.5, 0.9]);
const always = float32([4], [8, 3, 1.5, 1]);

/** Exercise 7.5. */
export const learnedShareExercise: Exercise = {
  id: "7.5",
  name: "learnedShare",
  title: "How much is learned",
  difficulty: 2,
  importance: 4,
  minutes: 6,
  hints: [
    "Where is the model between the two? At each level: how far it has come from the mean, over how far there is to go.",
    "Divide first, level by level, and take the mean of the shares last.",
  ],
  checks: [
    {
      name: "one level, by hand: from 4 to 0, and the model is at 1",
      args: [float32([1], [1]), float32([1], [0]), float32([1], [4])],
      expected: () => float32([], [0.75]),
    },
    {
      name: "two levels, by hand: a half and a quarter",
      args: [float32([2], [3, 0.8]), float32([2], [1, 0.2]), float32([2], [5, 1])],
      expected: () => float32([], [0.375]),
    },
    {
      name: "the exact field has learned everything",
      args: [exact, exact, always],
      expected: () => float32([], [1]),
    },
    {
      name: "who always says the mean has learned nothing",
      args: [always, exact, always],
      expected: () => float32([], [0]),
    },
    {
      name: "four levels",
      args: [model, exact, always],
      expected: () => float32([], [share(model, exact, always)]),
    },
  ],
  bugs: [
    {
      name: "what is left",
      says: "This is the share that is still missing: it is 0 for the exact field.",
      wrong: (m: tf.Tensor, e: tf.Tensor, a: tf.Tensor) =>
        tf.mean(tf.div(tf.sub(m, e), tf.sub(a, e))),
    },
    {
      name: "ratio of means",
      says:
        "The means are divided. Near the data losses are largest, and that level alone would decide: divide level by " +
        "level.",
      wrong: (m: tf.Tensor, e: tf.Tensor, a: tf.Tensor) =>
        tf.div(tf.mean(tf.sub(a, m)), tf.mean(tf.sub(a, e))),
    },
    {
      name: "exact not taken off",
      says:
        "The way is measured down to 0. Nobody can get below the exact field: it ends at that one's loss.",
      wrong: (m: tf.Tensor, _: tf.Tensor, a: tf.Tensor) => tf.mean(tf.div(tf.sub(a, m), a)),
    },
    {
      name: "share of the model",
      says:
        "Divided by the model's loss instead of the whole way from the mean to the exact field.",
      wrong: (m: tf.Tensor, e: tf.Tensor, a: tf.Tensor) =>
        tf.mean(tf.div(tf.sub(a, m), tf.sub(m, e))),
    },
    {
      name: "upside down",
      says: "The fraction is upside down.",
      wrong: (m: tf.Tensor, e: tf.Tensor, a: tf.Tensor) =>
        tf.mean(tf.div(tf.sub(a, e), tf.sub(a, m))),
    },
  ],
};

/** The same level by level. */
function share(model: HostTensor, exact: HostTensor, always: HostTensor): number {
  return meanOf(Array.from(model.data, (loss, k) => {
    const top = always.data[k]!;
    return (top - loss) / (top - exact.data[k]!);
  }));
}
