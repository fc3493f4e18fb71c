import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { field, normal, step, turning } from "./values.ts";

type Field = (x: tf.Tensor, t: tf.Tensor) => tf.Tensor;

const points = normal([9, 2], 31), pictures = normal([2, 4, 3, 1], 32);

/** Exercise 1.5. */
export const eulerStepExercise: Exercise = {
  id: "1.5",
  name: "eulerStep",
  title: "The Euler step",
  difficulty: 2,
  importance: 5,
  minutes: 8,
  hints: [
    "The field wants a noise level for every example: a tensor [B] filled with the number `from`.",
    "`tf.fill([x.shape[0]!], from)` makes it.",
    "The length of the step is to − from. It is negative on the way from noise to data: that is what turns us around, " +
    "so no other sign is needed.",
  ],
  checks: [
    {
      name: "velocity 2 everywhere, from 1 to ½, calculated by hand",
      // [3, 4] + (½ − 1) · [2, 2] = [2, 3]
      args: [field("constantField", { value: 2 }), float32([1, 2], [3, 4]), 1, 0.5],
      expected: () => float32([1, 2], [2, 3]),
    },
    {
      name: "the velocity is read where the step starts: v = t, from ¾ to ¼",
      // 1 + (¼ − ¾) · ¾ = 0.625
      args: [field("risingField", { rate: 1 }), float32([2, 1], [1, 2]), 0.75, 0.25],
      expected: () => float32([2, 1], [0.625, 1.625]),
    },
    {
      name: "if all data is one point, one step from noise lands on it",
      args: [field("towardsField", { data: float32([2], [0.5, -1]) }), points, 1, 0],
      expected: () => float32([9, 2], Array.from({ length: 18 }, (_, i) => i % 2 ? -1 : 0.5)),
      draw: "points",
    },
    {
      name: "points [9, 2] in a field that turns",
      args: [field("turningField", { rate: 2 }), points, 0.8, 0.6],
      expected: () => step("euler", turning(2), points, 0.8, 0.6),
      draw: "points",
    },
    {
      name: "pictures [B, H, W, C]",
      args: [field("linearField", { rate: 1.5 }), pictures, 0.5, 0.4],
      expected: () => step("euler", (x) => x.map((value) => 1.5 * value), pictures, 0.5, 0.4),
    },
  ],
  bugs: [
    {
      name: "flipped sign",
      says: "The step goes the wrong way: towards more noise. What is the sign of to − from?",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) =>
        euler(v, x, from, from + (from - to), from),
    },
    {
      name: "step length forgotten",
      says:
        "The velocity is added whole. How far we go depends on how long we follow it: to − from.",
      wrong: (v: Field, x: tf.Tensor, from: number) => euler(v, x, 0, 1, from),
    },
    {
      name: "velocity read at the end",
      says: "The velocity is read at noise level `to`, where we are not yet: read it at `from`.",
      wrong: (v: Field, x: tf.Tensor, from: number, to: number) => euler(v, x, from, to, to),
    },
    {
      name: "the noise level as step length",
      says:
        "The length of the step seems to be the noise level itself, instead of the difference of the two levels.",
      wrong: (v: Field, x: tf.Tensor, from: number) => euler(v, x, from, 0, from),
    },
  ],
};

function euler(v: Field, x: tf.Tensor, from: number, to: number, at: number): tf.Tensor {
  return tf.add(x, tf.mul(to - from, v(x, tf.fill([x.shape[0]!], at))));
}
