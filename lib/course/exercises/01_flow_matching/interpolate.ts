import * as tf from "@tensorflow/tfjs-core";
import { interpolate } from "../../../flow/mod.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { answer, levels, normal } from "./values.ts";

const points = normal([7, 2], 1), noise = normal([7, 2], 2);
const pictures = normal([3, 4, 5, 1], 3), static_ = normal([3, 4, 5, 1], 4);

/** Exercise 1.1. */
export const interpolateExercise: Exercise = {
  id: "1.1",
  name: "interpolate",
  title: "The noise mix",
  difficulty: 2,
  importance: 5,
  minutes: 8,
  hints: [
    "The formula has two products and a sum: `tf.mul`, `tf.mul`, `tf.add`. `tf.sub(1, …)` gives 1 − …",
    "t has one number for each example, but an example has many numbers. tfjs lines shapes up from the right: " +
    "[B] times [B, 2] would put t along the last axis. Give t the shape [B, 1] for points, [B, 1, 1, 1] for pictures.",
    "For every shape at once: `const level = tf.reshape(t, [t.size, ...x0.shape.slice(1).map(() => 1)])`.",
  ],
  checks: [
    {
      name: "two points, each with its own noise level, calculated by hand",
      // (1 − ¼)·[4, 0] + ¼·[0, 8] = [3, 2];  (1 − ¾)·[4, 0] + ¾·[0, 8] = [1, 6]
      args: [
        float32([2, 2], [4, 0, 4, 0]),
        float32([2, 2], [0, 8, 0, 8]),
        float32([2], [1 / 4, 3 / 4]),
      ],
      expected: () => float32([2, 2], [3, 2, 1, 6]),
    },
    {
      name: "at t = 0 the path is at the data, at t = 1 at the noise",
      args: [float32([2, 2], [1, 2, 3, 4]), float32([2, 2], [5, 6, 7, 8]), float32([2], [0, 1])],
      expected: () => float32([2, 2], [1, 2, 7, 8]),
    },
    {
      name: "seven points [7, 2] at seven noise levels",
      args: [points, noise, levels(7)],
      expected: () => answer(interpolate, points, noise, levels(7)),
      draw: "points",
    },
    {
      name: "plain numbers [B]",
      args: [float32([3], [0, 10, 20]), float32([3], [1, 1, 1]), float32([3], [0.5, 0.9, 0])],
      expected: () => float32([3], [0.5, 1.9, 20]),
    },
    {
      name: "pictures [B, H, W, C]",
      args: [pictures, static_, levels(3)],
      expected: () => answer(interpolate, pictures, static_, levels(3)),
      draw: "images",
    },
  ],
  bugs: [
    {
      name: "t reversed",
      says: "The path runs the wrong way: at t = 0 yours is at the noise. Here t = 0 is data.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) => interpolate(x1, x0, t),
    },
    {
      name: "t along the last axis",
      says:
        "The noise levels seem to run along the last axis: each example should have one of its own. " +
        "What shape must t have to be lined up with the first axis?",
      wrong: (x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.add(tf.mul(tf.sub(1, t), x0), tf.mul(t, x1)),
    },
    {
      name: "data not faded out",
      says: "The noise is mixed in, but the data stays at full strength.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) =>
        tf.add(x0, interpolate(tf.zerosLike(x0), x1, t)),
    },
    {
      name: "square roots as weights",
      says:
        "The weights look like √(1 − t) and √t, as in diffusion models that keep the variance. " +
        "On a straight line they are 1 − t and t.",
      wrong: (x0: tf.Tensor, x1: tf.Tensor, t: tf.Tensor) => {
        const level = tf.reshape(t, [t.size, ...x0.shape.slice(1).map(() => 1)]);
        return tf.add(tf.mul(tf.sqrt(tf.sub(1, level)), x0), tf.mul(tf.sqrt(level), x1));
      },
    },
  ],
};
