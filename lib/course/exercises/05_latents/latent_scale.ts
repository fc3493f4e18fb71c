import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";
import type { Exercise, Output } from "../../exercise.ts";
import { tensorOf } from "../../outputs.ts";
import { ReturnTypeError } from "../../values.ts";
import { normal, sum } from "./values.ts";

const CHANNELS = 4;
/** Each channel has its own middle and its own width. */
const latents = channelwise(normal([5, 3, 4, CHANNELS], 51), [0, 3, -1, 0.5], [1, 0.2, 4, 9]);

/** Exercise 5.5. */
export const latentScaleExercise: Exercise = {
  id: "5.5",
  name: "latentScale",
  title: "The latent scale",
  difficulty: 2,
  importance: 5,
  minutes: 8,
  hints: [
    "Which axes go away for the shift? Pictures, height and width: `[0, 1, 2]`. Channels stay.",
    "Subtract it first: `tf.sub(latents, shift)` fits a number for each channel to the last axis.",
    "What is left has mean 0, so `tf.mean(tf.square(…))` over everything is its variance. `tf.rsqrt` is 1 divided by " +
    "the root.",
  ],
  checks: [
    {
      name: "one channel with the numbers 1, 3, 1, 3, by hand",
      args: [float32([2, 1, 2, 1], [1, 3, 1, 3])],
      expected: () => ({ shift: float32([1], [2]), scale: float32([], [1]) }),
    },
    {
      name: "two channels: 0, 2 and −8, 6; variances 1 and 49, their mean 25",
      args: [float32([2, 1, 1, 2], [0, -8, 2, 6])],
      expected: () => ({ shift: float32([2], [1, -1]), scale: float32([], [0.2]) }),
    },
    {
      name: `${CHANNELS} channels of very different width`,
      args: [latents],
      expected: () => statistics(latents),
      tolerance: 1e-4,
    },
    {
      name: "scaled by it, each channel has mean 0, and all numbers together have variance 1",
      calls: [[latents]],
      judge: ([output]) => judgeScaled(output),
    },
  ],
  bugs: [
    {
      name: "deviation instead of its inverse",
      says: "`scale` is the deviation itself. It multiplies, so wide latents need a small number.",
      wrong: (latents: tf.Tensor) => {
        const { shift, variance } = both(latents);
        return { shift, scale: tf.sqrt(variance) };
      },
    },
    {
      name: "one by the variance",
      says:
        "`scale` is 1 / variance. Numbers with a deviation of 5 must be divided by 5, not by 25.",
      wrong: (latents: tf.Tensor) => {
        const { shift, variance } = both(latents);
        return { shift, scale: tf.div(1, variance) };
      },
    },
    {
      name: "mean not taken off",
      says:
        "The width is measured from 0 instead of from the mean: a channel that lies far from 0 looks wider than it is.",
      wrong: (latents: tf.Tensor) => ({
        shift: both(latents).shift,
        scale: tf.rsqrt(tf.mean(tf.square(latents))),
      }),
    },
    {
      name: "sign of the shift",
      says: "The shift has the wrong sign: it is subtracted.",
      wrong: (latents: tf.Tensor) => {
        const { shift, variance } = both(latents);
        return { shift: tf.neg(shift), scale: tf.rsqrt(variance) };
      },
    },
    {
      name: "one mean for all",
      says: "All channels share one mean. Each channel has its own middle.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents);
        const shift = tf.add(tf.zeros([latents.shape[3]!]), mean);
        return { shift, scale: tf.rsqrt(variance) };
      },
    },
    {
      name: "a scale for each channel",
      says:
        "Every channel has a scale of its own here. That would make all channels equally wide, also those that say " +
        "little; the course keeps their proportions and takes one scale for all.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0, 1, 2]);
        return { shift: mean, scale: tf.rsqrt(variance) };
      },
    },
    {
      name: "mean of deviations",
      says:
        "This is the mean of the channels' deviations. Variances can be averaged, deviations cannot: root last.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0, 1, 2]);
        return { shift: mean, scale: tf.div(1, tf.mean(tf.sqrt(variance))) };
      },
    },
    {
      name: "mean absolute distance",
      says:
        "The width is the mean absolute distance to the mean. The deviation is the root of the mean of squares.",
      wrong: (latents: tf.Tensor) => {
        const { shift } = both(latents);
        return { shift, scale: tf.div(1, tf.mean(tf.abs(tf.sub(latents, shift)))) };
      },
    },
  ],
};

/** Mean of each channel, and variance of all numbers around these. */
function both(latents: tf.Tensor): { shift: tf.Tensor; variance: tf.Tensor } {
  const shift = tf.mean(latents, [0, 1, 2]);
  return { shift, variance: tf.mean(tf.square(tf.sub(latents, shift))) };
}

function channelwise(
  { shape, data }: HostTensor,
  middles: readonly number[],
  widths: readonly number[],
): HostTensor {
  const numbers = Array.from(
    data,
    (value, i) => middles[i % CHANNELS]! + widths[i % CHANNELS]! * value,
  );
  return float32(shape, numbers);
}

/** Numbers of one channel. */
function channelOf({ shape, data }: HostTensor, channel: number): number[] {
  return Array.from(data).filter((_, i) => i % shape.at(-1)! === channel);
}

function meanOf(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

function varianceOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers);
  return meanOf(numbers.map((value) => (value - mean) ** 2));
}

/** The same channel by channel. */
function statistics(latents: HostTensor): { shift: HostTensor; scale: HostTensor } {
  const channels = Array.from({ length: CHANNELS }, (_, c) => channelOf(latents, c));
  return {
    shift: float32([CHANNELS], channels.map(meanOf)),
    scale: float32([], [1 / Math.sqrt(meanOf(channels.map(varianceOf)))]),
  };
}

function judgeScaled(output: Output | undefined): string | undefined {
  if (typeof output !== "object" || output === null || Array.isArray(output)) {
    throw new ReturnTypeError("returned something else than { shift, scale }");
  }
  const { shift, scale } = output as { shift?: Output; scale?: Output };
  const middle = tensorOf(shift, [CHANNELS]).data, factor = tensorOf(scale, []).data[0]!;
  const scaled = Array.from(
    { length: CHANNELS },
    (_, c) => channelOf(latents, c).map((z) => (z - middle[c]!) * factor),
  );
  const off = scaled.findIndex((numbers) => !(Math.abs(meanOf(numbers)) < 1e-3));
  if (off >= 0) {
    return `channel ${off} has mean ${meanOf(scaled[off]!).toFixed(3)} after scaling: expected 0`;
  }
  const variance = meanOf(scaled.map(varianceOf));
  if (!(Math.abs(variance - 1) < 1e-3)) {
    return `the variance after scaling is ${variance.toFixed(3)}: expected 1`;
  }
}
