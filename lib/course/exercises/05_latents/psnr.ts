import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { each, normal, perExample, sum } from "./values.ts";

const originals = each(Math.tanh, normal([3, 6, 5, 3], 21));
/** Each of the three is further off than the one before. */
const pictures = each(
  (value, noise, place) => value + noise * 0.02 * 3 ** place,
  originals,
  normal([3, 6, 5, 3], 22),
  each(Math.floor, float32([3, 6, 5, 3], Array.from({ length: 270 }, (_, i) => i / 90))),
);

/** Exercise 5.2. */
export const psnrExercise: Exercise = {
  id: "5.2",
  name: "psnr",
  title: "Peak signal-to-noise ratio",
  difficulty: 2,
  importance: 3,
  minutes: 8,
  hints: [
    "The mean squared error of each picture: `tf.mean(…, [1, 2, 3])` leaves the first axis, the pictures.",
    "Divide the square of the range, 2 · 2, by it. A small error makes this number large.",
    "`tf.log` is natural: divide by `Math.LN10`, then multiply by 10. `tf.mul(10 / Math.LN10, tf.log(…))` does both.",
  ],
  checks: [
    {
      name: "every pixel off by 0.2, calculated by hand: 10 · log10(4 / 0.04)",
      args: [fill([1, 2, 2, 3], 0.3), fill([1, 2, 2, 3], 0.5)],
      expected: () => float32([1], [20]),
      tolerance: 1e-3,
    },
    {
      name: "black instead of white has 0 decibels",
      args: [fill([1, 2, 2, 1], -1), fill([1, 2, 2, 1], 1)],
      expected: () => float32([1], [0]),
      tolerance: 1e-3,
    },
    {
      name: "a tenth of the error is 20 decibels more",
      args: [
        float32([2, 1, 1, 1], [0.5, 0.05]),
        float32([2, 1, 1, 1], [0, 0]),
      ],
      expected: () => float32([2], [12.0412, 32.0412]),
      tolerance: 1e-3,
    },
    {
      name: "one pixel of four is wrong",
      args: [float32([1, 2, 2, 1], [0, 0, 0, 0.4]), float32([1, 2, 2, 1], [0, 0, 0, 0])],
      expected: () => float32([1], [20]),
      tolerance: 1e-3,
    },
    {
      name: "three pictures, each with its own",
      args: [pictures, originals],
      expected: () => decibels(pictures, originals),
      tolerance: 1e-3,
    },
  ],
  bugs: [
    {
      name: "range of 1",
      says:
        "All are 6.02 too small: that is a factor of 2 in the range. Here pixels go from −1 to 1, not from 0 to 1.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => toDecibels(tf.div(1, error(a, b))),
    },
    {
      name: "range not squared",
      says: "The range is not squared, but the error is.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => toDecibels(tf.div(2, error(a, b))),
    },
    {
      name: "natural logarithm",
      says: "`tf.log` is the natural logarithm: divide by ln(10).",
      wrong: (a: tf.Tensor, b: tf.Tensor) => tf.mul(10, tf.log(tf.div(4, error(a, b)))),
    },
    {
      name: "sign flipped",
      says:
        "The sign looks flipped: the better the picture, the larger its number. Is the fraction upside down?",
      wrong: (a: tf.Tensor, b: tf.Tensor) => toDecibels(tf.div(error(a, b), 4)),
    },
    {
      name: "20 instead of 10",
      says:
        "All are twice too large. The factor 20 belongs to a root mean squared error; here the error stays squared.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => tf.mul(2, toDecibels(tf.div(4, error(a, b)))),
    },
    {
      name: "absolute errors",
      says: "The errors are not squared.",
      wrong: (a: tf.Tensor, b: tf.Tensor) =>
        toDecibels(tf.div(4, tf.mean(tf.abs(tf.sub(a, b)), [1, 2, 3]))),
    },
    {
      name: "one error for all",
      says:
        "All pictures got the same number: the error is averaged over the batch too. Leave the first axis alone.",
      wrong: (a: tf.Tensor, b: tf.Tensor) => {
        const all = tf.mean(tf.square(tf.sub(a, b)));
        return tf.add(toDecibels(tf.div(4, all)), tf.zeros([a.shape[0]!]));
      },
    },
  ],
};

function fill(shape: readonly number[], value: number): HostTensor {
  return float32(shape, new Array(shape.reduce((a, b) => a * b, 1)).fill(value));
}

function error(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.mean(tf.square(tf.sub(a, b)), [1, 2, 3]);
}

function toDecibels(ratio: tf.Tensor): tf.Tensor {
  return tf.mul(10 / Math.LN10, tf.log(ratio));
}

/** The same number by number. */
function decibels(pictures: HostTensor, originals: HostTensor): HostTensor {
  return perExample(pictures, (places) => {
    const squares = places.map((i) => (pictures.data[i]! - originals.data[i]!) ** 2);
    return 10 * Math.log10(4 * places.length / sum(squares));
  });
}
