import * as tf from "@tensorflow/tfjs-core";
import { velocity } from "../../../flow/mod.ts";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { answer, normal } from "./values.ts";

const points = normal([5, 2], 11), noise = normal([5, 2], 12);
const pictures = normal([2, 3, 4, 1], 13), static_ = normal([2, 3, 4, 1], 14);

/** Exercise 1.2. */
export const velocityTargetExercise: Exercise = {
  id: "1.2",
  name: "velocityTarget",
  title: "The velocity target",
  difficulty: 1,
  importance: 5,
  minutes: 4,
  hints: [
    "Write the path as x_t = x0 + t · (something). When t grows by a little, how much of that something is added?",
    "A train that is at x0 at time 0 and at x1 at time 1, at constant speed: how fast does it go?",
  ],
  checks: [
    {
      name: "from data 1 to noise 4, calculated by hand",
      args: [float32([1, 2], [1, 2]), float32([1, 2], [4, 0])],
      expected: () => float32([1, 2], [3, -2]),
    },
    {
      name: "data that is already noise does not move",
      args: [float32([2], [0.5, -3]), float32([2], [0.5, -3])],
      expected: () => float32([2], [0, 0]),
    },
    {
      name: "five points [5, 2]",
      args: [points, noise],
      expected: () => answer(velocity, points, noise),
      draw: "points",
    },
    {
      name: "pictures [B, H, W, C]",
      args: [pictures, static_],
      expected: () => answer(velocity, pictures, static_),
    },
    {
      name: "there and back again: v(x0, x1) = −v(x1, x0)",
      calls: [[points, noise], [noise, points]],
      judge: ([there, back]) => areOpposite(there!, back!),
    },
  ],
  bugs: [
    {
      name: "flipped sign",
      says:
        "The sign of the velocity looks flipped: it must point the way t grows, from data to noise.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor) => tf.sub(x0, x1),
    },
    {
      name: "direction without speed",
      says:
        "The direction is right, the length is always 1: do not normalise. Who has further to go moves faster.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor) => {
        const way = tf.sub(x1, x0);
        return tf.div(way, tf.maximum(tf.norm(way, "euclidean", -1, true), 1e-12));
      },
    },
    {
      name: "distance instead of velocity",
      says: "All numbers are positive: a velocity has a direction, so it needs its sign.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor) => tf.abs(tf.sub(x1, x0)),
    },
    {
      name: "sum",
      says: "This looks like the sum of data and noise. A velocity is a difference of two places.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor) => tf.add(x0, x1),
    },
  ],
};

function areOpposite(there: Output, back: Output): string | undefined {
  const a = (there as HostTensor).data, b = (back as HostTensor).data;
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(a[i]! + b[i]!) > 1e-5) {
      return `swapping data and noise should flip the sign, but ${a[i]} became ${b[i]}`;
    }
  }
}
