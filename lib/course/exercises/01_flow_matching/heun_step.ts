import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { field, normal, step, turning } from "./values.ts";

type Field = (x: tf.Tensor, t: tf.Tensor) => tf.Tensor;

const points = normal([9, 2], 41), pictures = normal([2, 4, 3, 1], 42);

/** Exercise 1.6. */
export const heunStepExercise: Exercise = {
  id: "1.6",
  name: "heunStep",
  title: "The Heun step",
  difficulty: 3,
  importance: 3,
  minutes: 10,
  hints: [
    "Start with a whole Euler step. Its end is only a try: there you ask the field once more.",
    "The second question is asked at the tried point and at noise level `to`: `field(tried, level(to))`.",
    "The final step starts at x again, not at the tried point, and follows the mean of both velocities.",
  ],
  checks: [
    {
      name: "v = x from 1 to 0, calculated by hand",
      // v1 = 2, tried = 2 − 2 = 0, v2 = 0, mean 1: 2 − 1 = 1
      args: [field("linearField", { rate: 1 }), float32([1, 1], [2]), 1, 0],
      expected: () => float32([1, 1], [1]),
    },
    {
      name: "v = t: the middle of both levels counts, so one step is exact",
      // 1 + (0 − 1) · (1 + 0) / 2 = ½
      args: [field("risingField", { rate: 1 }), float32([2, 1], [1, 2]), 1, 0],
      expected: () => float32([2, 1], [0.5, 1.5]),
    },
    {
      name: "a straight path is followed exactly, as Euler does",
      args: [field("constantField", { value: 3 }), float32([1, 2], [0, 1]), 0.5, 0.25],
      expected: () => float32([1, 2], [-0.75, 0.25]),
    },
    {
      name: "points [9, 2] in a field that turns",
      args: [field("turningField", { rate: 2 }), points, 0.9, 0.5],
      expected: () => step("heun", turning(2), points, 0.9, 0.5),
      draw: "points",
    },
    {
      name: "pictures [B, H, W, C]",
      args: [field("linearField", { rate: 1.5 }), pictures, 0.5, 0.3],
      expected: () => step("heun", (x) => x.map((value) => 1.5 * value), pictures, 0.5, 0.3),
    },
  ],
  bugs: [
    {
      name: "sum instead of mean",
      says: "The step is twice too long: the two velocities are added, but not halved.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { weights: [1, 1] }),
    },
    {
      name: "second velocity at the start",
      says: "The second velocity is read at x again. Read it at the end of the tried step.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { tryStep: 0 }),
    },
    {
      name: "second velocity at the first level",
      says: "The second velocity is read at noise level `from`: the tried point lies at `to`.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { secondLevel: from }),
    },
    {
      name: "second velocity alone",
      says:
        "Only the second velocity is followed. The step follows the mean of the first and the second.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { weights: [0, 1] }),
    },
    {
      name: "goes on from the tried point",
      says: "The final step starts where the try ended, so the way is gone twice. It starts at x.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { weights: [1.5, 0.5] }),
    },
    {
      name: "plain Euler",
      says: "This is Euler's step still: the second velocity does not take part.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        heun(v, x, from, to, { weights: [1, 0] }),
    },
  ],
};

/** Heun's step with its parts to choose. */
function heun(
  v: Field,
  x: tf.Tensor,
  from: number,
  to: number,
  options: { weights?: [number, number]; tryStep?: number; secondLevel?: number },
): tf.Tensor {
  const { weights = [0.5, 0.5], tryStep = to - from, secondLevel = to } = options;
  const at = (t: number) => tf.fill([x.shape[0]!], t);
  const v1 = v(x, at(from));
  const v2 = v(tf.add(x, tf.mul(tryStep, v1)), at(secondLevel));
  const mean = tf.add(tf.mul(weights[0], v1), tf.mul(weights[1], v2));
  return tf.add(x, tf.mul(to - from, mean));
}
