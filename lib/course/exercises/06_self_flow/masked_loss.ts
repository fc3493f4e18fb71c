import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";
import { normal } from "./values.ts";

type Given = [guess: tf.Tensor, clean: tf.Tensor, masked: tf.Tensor];

const guess = normal([3, 5, 4], 91), clean = normal([3, 5, 4], 92);
/** The pictures have 3, 0 and 1 hidden tokens. */
const masked = float32([3, 5], [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
const nothing = float32([3, 5], new Array(15).fill(0));

/** Exercise 6.3. */
export const maskedLossExercise: Exercise = {
  id: "6.3",
  name: "maskedLoss",
  title: "The loss at hidden tokens",
  difficulty: 3,
  importance: 4,
  minutes: 10,
  hints: [
    "One error per token first, `[B, N]`: the mean of the squared differences over the last axis.",
    "Then a weighted mean over all tokens of the batch: `Σ masked · error / Σ masked`.",
    "For the last case replace the mask by ones where it is empty, without an if: `tf.minimum(tf.sum(masked), 1)` is 0 " +
    "if nothing is hidden and 1 otherwise. `masked + (1 − that)` is what counts.",
  ],
  checks: [
    {
      name: "one of two tokens is hidden, by hand: (1² + 3²) / 2",
      args: [
        float32([1, 2, 2], [1, 3, 7, 7]),
        float32([1, 2, 2], [0, 0, 0, 0]),
        float32([1, 2], [1, 0]),
      ],
      expected: () => float32([], [5]),
    },
    {
      name: "all are hidden: the plain mean",
      args: [
        float32([1, 2, 2], [1, 3, 5, 1]),
        float32([1, 2, 2], [0, 0, 0, 0]),
        float32([1, 2], [1, 1]),
      ],
      expected: () => float32([], [9]),
    },
    {
      name: "three pictures with 3, 0 and 1 hidden tokens",
      args: [guess, clean, masked],
      expected: () => float32([], [meanError((token) => masked.data[token] === 1)]),
    },
    {
      name: "nothing is hidden: all tokens count",
      args: [guess, clean, nothing],
      expected: () => float32([], [meanError(() => true)]),
    },
  ],
  bugs: [
    {
      name: "divided by all",
      says:
        "The sum is right, but it is divided by all numbers instead of the hidden ones: the loss shrinks with the mask.",
      wrong: (...[guess, clean, masked]: Given) =>
        tf.mean(tf.mul(errors(guess, clean), counted(masked))),
    },
    {
      name: "all tokens",
      says: "The mask has no effect: what can be seen counts too, and it is easy.",
      wrong: (...[guess, clean]: Given) => tf.mean(tf.square(tf.sub(guess, clean))),
    },
    {
      name: "the visible ones",
      says: "The visible tokens count here. The mask is 1 where a token is hidden.",
      wrong: (...[guess, clean, masked]: Given) =>
        weighted(errors(guess, clean), counted(tf.sub(1, masked))),
    },
    {
      name: "nothing hidden forgotten",
      says:
        "Where nothing is hidden this divides 0 by 0. One such batch, and all weights are NaN from then on.",
      wrong: (...[guess, clean, masked]: Given) => weighted(errors(guess, clean), masked),
    },
    {
      name: "sum over the numbers of a token",
      says:
        "Each token's error is a sum over its D numbers. A mean does not depend on how large patches are.",
      wrong: (...[guess, clean, masked]: Given) =>
        weighted(tf.sum(tf.square(tf.sub(guess, clean)), 2), counted(masked)),
    },
    {
      name: "mean of means",
      says:
        "Each picture counts alike here, whether it hides three tokens or one. Every hidden token should count alike.",
      wrong: (...[guess, clean, masked]: Given) => {
        const hidden = counted(masked), per = tf.sum(tf.mul(errors(guess, clean), hidden), 1);
        const with_ = tf.minimum(tf.sum(hidden, 1), 1);
        const means = tf.div(per, tf.maximum(tf.sum(hidden, 1), 1));
        return tf.div(tf.sum(means), tf.sum(with_));
      },
    },
    {
      name: "absolute errors",
      says: "The errors are not squared.",
      wrong: (...[guess, clean, masked]: Given) =>
        weighted(tf.mean(tf.abs(tf.sub(guess, clean)), 2), counted(masked)),
    },
  ],
};

function errors(guess: tf.Tensor, clean: tf.Tensor): tf.Tensor {
  return tf.mean(tf.square(tf.sub(guess, clean)), 2);
}

/** The mask, or ones where it is empty. */
function counted(masked: tf.Tensor): tf.Tensor {
  return tf.add(masked, tf.sub(1, tf.minimum(tf.sum(masked), 1)));
}

function weighted(values: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.sum(weights));
}

/** The same number by number. */
function meanError(counts: (token: number) => boolean): number {
  const width = clean.shape[2]!;
  const squares = Array.from(guess.data as Float32Array).flatMap((value, i) =>
    counts(Math.floor(i / width)) ? [(value - (clean as HostTensor).data[i]!) ** 2] : []
  );
  return squares.reduce((sum, square) => sum + square, 0) / squares.length;
}
