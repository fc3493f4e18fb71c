import * as tf from "@tensorflow/tfjs-core";
import { patchify } from "../../../models/mod.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { answer, normal, numbered, someDigits } from "./values.ts";

const colours = normal([2, 4, 6, 3], 1), digits = someDigits(2);

/** Exercise 2.1. */
export const patchifyExercise: Exercise = {
  id: "2.1",
  name: "patchify",
  title: "An image becomes tokens",
  difficulty: 3,
  importance: 5,
  minutes: 15,
  hints: [
    "A reshape alone never moves a number. Do it in three moves: reshape, transpose, reshape.",
    "The first reshape only gives names to what is there. Height is rows × patch, width is columns × patch: " +
    "`[batch, rows, patch, columns, patch, channels]`.",
    "The transpose puts the axes into the order in which you want to read: batch, rows, columns, then what is " +
    "inside a patch: its lines, its pixels, their channels.",
    "The axes are numbered 0 batch, 1 rows, 2 lines in a patch, 3 columns, 4 pixels in a line, 5 channels. " +
    "The order is `[0, 1, 3, 2, 4, 5]`: only two change places.",
  ],
  checks: [
    {
      name: "an image of 2×4 pixels, numbered 0 … 7, becomes the patches 0 1 4 5 and 2 3 6 7",
      args: [numbered([1, 2, 4, 1]), 2],
      expected: () => float32([1, 2, 4], [0, 1, 4, 5, 2, 3, 6, 7]),
    },
    {
      name: "four patches of a 4×4 image follow each other row by row",
      args: [numbered([1, 4, 4, 1]), 2],
      expected: () => float32([1, 4, 4], [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]),
    },
    {
      name: "the channels of a pixel stay together",
      args: [numbered([1, 2, 4, 2]), 2],
      expected: () => float32([1, 2, 8], [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15]),
    },
    {
      name: "two colour images, wider than high: [2, 4, 6, 3] → [2, 6, 12]",
      args: [colours, 2],
      expected: () => answer((images) => patchify(images, 2), colours),
    },
    {
      name: "with patch 1 every pixel is a token",
      args: [colours, 1],
      expected: () => float32([2, 24, 3], [...colours.data]),
    },
    {
      name: "two digits of 28×28 pixels become 49 tokens of 16 numbers each",
      args: [digits, 4],
      expected: () => answer((images) => patchify(images, 4), digits),
    },
  ],
  bugs: [
    {
      name: "one reshape",
      says:
        "Each of your patches is a stretch of an image line, pixels that follow each other in memory. " +
        "A reshape alone never moves a number: a transpose has to happen in between.",
      wrong: (images: tf.Tensor, patch: number) => {
        const [batch, height, width, channels] = images.shape as [number, number, number, number];
        const size = patch * patch * channels;
        return tf.reshape(images, [batch, height * width * channels / size, size]);
      },
    },
    {
      name: "patches column by column",
      says:
        "The patches are right, but they follow each other down the columns. We read row by row.",
      wrong: cutter([0, 3, 1, 2, 4, 5]),
    },
    {
      name: "patches transposed inside",
      says: "Inside each patch, lines and columns look swapped: the patch lies on its side.",
      wrong: cutter([0, 1, 3, 4, 2, 5]),
    },
    {
      name: "channels first",
      says:
        "Inside a patch all pixels of one channel come first. Here the channels of a pixel stay together.",
      wrong: cutter([0, 1, 3, 5, 2, 4]),
    },
    {
      name: "axes named in the wrong order",
      says:
        "The first reshape names the axes in an order in which the numbers do not lie. Height is split " +
        "into rows × patch, width into columns × patch, each next to its own.",
      wrong: (images: tf.Tensor, patch: number) => {
        const [batch, height, width, channels] = images.shape as [number, number, number, number];
        const rows = height / patch, columns = width / patch;
        const cut = tf.reshape(images, [batch, rows, columns, patch, patch, channels]);
        const moved = tf.transpose(cut, [0, 1, 3, 2, 4, 5]);
        return tf.reshape(moved, [batch, rows * columns, patch * patch * channels]);
      },
    },
  ],
};

/** Cuts into `[batch, rows, lines, columns, pixels, channels]` and reads the axes in this order. */
function cutter(order: number[]) {
  return (images: tf.Tensor, patch: number) => {
    const [batch, height, width, channels] = images.shape as [number, number, number, number];
    const rows = height / patch, columns = width / patch;
    const cut = tf.reshape(images, [batch, rows, patch, columns, patch, channels]);
    const moved = tf.transpose(cut, order);
    return tf.reshape(moved, [batch, rows * columns, patch * patch * channels]);
  };
}
