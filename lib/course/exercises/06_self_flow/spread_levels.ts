import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { uniform } from "./values.ts";

type Given = [levels: tf.Tensor, patch: number, height: number, width: number];

const small = uniform([2, 6], 71), digits = uniform([3, 49], 72), wide = uniform([2, 8], 73);

/** Exercise 6.1. */
export const spreadLevelsExercise: Exercise = {
  id: "6.1",
  name: "spreadLevels",
  title: "A noise level for every token",
  difficulty: 3,
  importance: 5,
  minutes: 10,
  hints: [
    "First give the levels the shape of the grid: `[batch, rows, columns]`.",
    "Every level must be repeated `patch` times downwards and `patch` times to the right. Put an axis of size 1 where " +
    "it is to be repeated: `[batch, rows, 1, columns, 1]`.",
    "`tf.tile(grid, [1, 1, patch, 1, patch])` repeats along these axes. A last reshape makes pixels of it.",
  ],
  checks: [
    {
      name: "patches of 1 pixel: tokens are pixels",
      args: [float32([1, 6], [1, 2, 3, 4, 5, 6]), 1, 2, 3],
      expected: () => float32([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]),
    },
    {
      name: "two tokens side by side, each 2 × 2 pixels",
      args: [float32([1, 2], [0.3, 0.8]), 2, 2, 4],
      expected: () => float32([1, 2, 4, 1], [0.3, 0.3, 0.8, 0.8, 0.3, 0.3, 0.8, 0.8]),
    },
    {
      name: "two rows of three tokens, two pictures",
      args: [small, 2, 4, 6],
      expected: () => spread(small, 2, 4, 6),
      draw: "images",
    },
    {
      name: "digits: 7 rows of 7 tokens, 4 × 4 pixels each",
      args: [digits, 4, 28, 28],
      expected: () => spread(digits, 4, 28, 28),
      draw: "images",
    },
    {
      name: "a picture that is higher than wide",
      args: [wide, 3, 12, 6],
      expected: () => spread(wide, 3, 12, 6),
    },
  ],
  bugs: [
    {
      name: "columns first",
      says: "Rows and columns look exchanged: tokens are counted row by row, from left to right.",
      wrong: (...[levels, patch, height, width]: Given) => {
        const [batch, rows, columns] = [levels.shape[0]!, height / patch, width / patch];
        const grid = tf.transpose(tf.reshape(levels, [batch, columns, rows]), [0, 2, 1]);
        const cells = tf.reshape(grid, [batch, rows, 1, columns, 1]);
        return tf.reshape(tf.tile(cells, [1, 1, patch, 1, patch]), [batch, height, width, 1]);
      },
    },
    {
      name: "repeated as a whole",
      says:
        "The grid of levels is repeated as a whole, like a wallpaper. Each level must be repeated by itself.",
      wrong: (...[levels, patch, height, width]: Given) => {
        const grid = tf.reshape(levels, [levels.shape[0]!, height / patch, width / patch, 1]);
        return tf.tile(grid, [1, patch, patch, 1]);
      },
    },
    {
      name: "stretched in memory",
      says:
        "Every level fills patch · patch numbers in a row. A patch is no run of pixels: its rows lie apart in memory.",
      wrong: (...[levels, patch, height, width]: Given) => {
        const [batch, count] = levels.shape as [number, number];
        const runs = tf.tile(tf.reshape(levels, [batch, count, 1]), [1, 1, patch * patch]);
        return tf.reshape(runs, [batch, height, width, 1]);
      },
    },
    {
      name: "the mean of the tokens",
      says:
        "All pixels of a picture have one level, the mean of its tokens. Each patch must keep its own.",
      wrong: (...[levels, , height, width]: Given) =>
        tf.tile(tf.reshape(tf.mean(levels, 1), [-1, 1, 1, 1]), [1, height, width, 1]),
    },
    {
      name: "three channels",
      says: "The last axis must have size 1: it then fits pictures with any number of channels.",
      wrong: (...[levels, patch, height, width]: Given) => {
        const [batch, rows, columns] = [levels.shape[0]!, height / patch, width / patch];
        const grid = tf.reshape(levels, [batch, rows, 1, columns, 1, 1]);
        return tf.reshape(tf.tile(grid, [1, 1, patch, 1, patch, 3]), [batch, height, width, 3]);
      },
    },
  ],
};

/** The same pixel by pixel. */
function spread({ shape, data }: HostTensor, patch: number, height: number, width: number) {
  const [batch, count] = shape as [number, number], columns = width / patch;
  const values = Array.from({ length: batch * height * width }, (_, i) => {
    const x = i % width, y = Math.floor(i / width) % height, b = Math.floor(i / (width * height));
    return data[b * count + Math.floor(y / patch) * columns + Math.floor(x / patch)]!;
  });
  return float32([batch, height, width, 1], values);
}
