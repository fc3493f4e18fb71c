import * as tf from "@tensorflow/tfjs-core";
import { createRandom, normals } from "../../../random.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";

// Multiples of 1/64, so that no order of calculating rounds.
const numbers = normals(createRandom(1), 24).map((x) => Math.round(64 * Math.tanh(x)) / 64);

/** Exercise 0.1. */
export const toPixelsExercise: Exercise = {
  id: "0.1",
  name: "toPixels",
  title: "Numbers become pixels",
  difficulty: 1,
  importance: 2,
  minutes: 4,
  hints: [
    "Where must −1 go, and where 1? Add something first, then multiply.",
    "x + 1 runs from 0 to 2. By how much must that be multiplied to run from 0 to 255?",
    "`tf.add(x, 1)` adds, `tf.mul(…, 127.5)` multiplies. Put one into the other.",
  ],
  checks: [
    {
      name: "black, middle grey and white, calculated by hand",
      args: [float32([3], [-1, 0, 1])],
      expected: () => float32([3], [0, 127.5, 255]),
    },
    {
      name: "four numbers between, calculated by hand",
      args: [float32([2, 2], [-0.5, 0.5, -0.2, 0.6])],
      expected: () => float32([2, 2], [63.75, 191.25, 102, 204]),
    },
    {
      name: "two pictures [2, 3, 4, 1]",
      args: [float32([2, 3, 4, 1], numbers)],
      expected: () => float32([2, 3, 4, 1], numbers.map((value) => 127.5 * value + 127.5)),
    },
  ],
  bugs: [
    {
      name: "not moved",
      says: "Black is −1, and −1 · 255 is far below 0: the numbers must be moved before they grow.",
      wrong: (x: tf.Tensor) => tf.mul(x, 255),
    },
    {
      name: "range from 0 to 1",
      says: "Yours runs from 0 to 1. A screen wants 0 to 255.",
      wrong: (x: tf.Tensor) => tf.div(tf.add(x, 1), 2),
    },
    {
      name: "negative",
      says: "Black and white have changed places, as in a negative of a film.",
      wrong: (x: tf.Tensor) => tf.mul(tf.sub(1, x), 127.5),
    },
    {
      name: "multiplied by 255",
      says: "Yours runs up to 510: x + 1 is 2 for white, not 1.",
      wrong: (x: tf.Tensor) => tf.mul(tf.add(x, 1), 255),
    },
    {
      name: "added after multiplying",
      says: "The 1 was added after the multiplication, so black is far below 0.",
      wrong: (x: tf.Tensor) => tf.add(tf.mul(x, 127.5), 1),
    },
  ],
};
