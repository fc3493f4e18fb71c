import * as tf from "@tensorflow/tfjs-core";
import { unpatchify } from "../../../models/mod.ts";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { answer, normal, numbered, pickPatches, someDigits } from "./values.ts";

type Image = readonly [height: number, width: number, channels: number];

const wide = normal([2, 4, 6, 3], 2), digits = someDigits(4, 3);
const loose = normal([3, 6, 8], 3);

/** Exercise 2.2. */
export const unpatchifyExercise: Exercise = {
  id: "2.2",
  name: "unpatchify",
  title: "And tokens become an image",
  difficulty: 2,
  importance: 4,
  minutes: 8,
  hints: [
    "Run exercise 2.1 backwards: its last move first.",
    "The last reshape of `patchify` joined rows with columns, and lines with pixels and channels. " +
    "Take them apart again: `[batch, rows, columns, patch, patch, channels]`.",
    "To undo a transpose, put the axes back. `[0, 1, 3, 2, 4, 5]` only swaps two axes, so it undoes itself.",
  ],
  checks: [
    {
      name: "the patches 0 1 2 3 and 4 5 6 7 lie side by side in an image of 2×4 pixels",
      args: [numbered([1, 2, 4]), 2, [2, 4, 1]],
      expected: () => float32([1, 2, 4, 1], [0, 1, 4, 5, 2, 3, 6, 7]),
    },
    {
      name: "four patches fill a 4×4 image row by row",
      args: [numbered([1, 4, 4]), 2, [4, 4, 1]],
      expected: () => float32([1, 4, 4, 1], [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]),
    },
    {
      name: "three images, higher than wide, of two channels: [3, 6, 8] → [3, 6, 4, 2]",
      args: [loose, 2, [6, 4, 2]],
      expected: () => answer((patches) => unpatchify(patches, 2, [6, 4, 2]), loose),
    },
    {
      name: "it undoes patchify: two wide colour images come back",
      args: [pickPatches(wide, 2), 2, [4, 6, 3]],
      expected: () => wide,
    },
    {
      name: "four digits come back from their 49 tokens each",
      args: [pickPatches(digits, 4), 4, [28, 28, 1]],
      expected: () => digits,
      draw: "images",
    },
  ],
  bugs: [
    {
      name: "one reshape",
      says: "Each of your image lines holds the numbers of one patch after the other, unmoved. " +
        "A reshape alone never moves a number: put a transpose in between.",
      wrong: (patches: tf.Tensor, _patch: number, [height, width, channels]: Image) =>
        tf.reshape(patches, [patches.shape[0]!, height, width, channels]),
    },
    {
      name: "patches laid down column by column",
      says:
        "The patches are whole, but they are laid down column by column. Token 1 belongs to the right of token 0.",
      wrong: (patches: tf.Tensor, patch: number, [height, width, channels]: Image) => {
        const rows = height / patch, columns = width / patch;
        const cut = tf.reshape(patches, [-1, columns, rows, patch, patch, channels]);
        const moved = tf.transpose(cut, [0, 2, 3, 1, 4, 5]);
        return tf.reshape(moved, [-1, height, width, channels]);
      },
    },
    {
      name: "patches transposed inside",
      says: "Every patch lies on its side: lines and columns inside it are swapped.",
      wrong: assembler([0, 1, 4, 2, 3, 5]),
    },
    {
      name: "lines before rows",
      says: "The first lines of all rows of patches come first, then all second lines. " +
        "A row of patches must be finished before the next one begins.",
      wrong: assembler([0, 3, 1, 2, 4, 5]),
    },
  ],
};

/** Names the axes `[batch, rows, columns, lines, pixels, channels]` and joins them in this order. */
function assembler(order: number[]) {
  return (patches: tf.Tensor, patch: number, [height, width, channels]: Image) => {
    const rows = height / patch, columns = width / patch;
    const cut = tf.reshape(patches, [-1, rows, columns, patch, patch, channels]);
    return tf.reshape(tf.transpose(cut, order), [-1, height, width, channels]);
  };
}
