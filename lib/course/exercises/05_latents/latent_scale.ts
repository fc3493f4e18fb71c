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
    "Which axes go away? Pictures, height and width: `[0, 1, 2]`. Channels stay.",
    "`tf.moments(latents, axes)` gives `{ mean, variance }` at once.",
    "What is left after the mean is subtracted has this variance. Divided by its deviation it has variance 1, and " +
    "`scale` is what it is multiplied by.",
  ],
  checks: [
    {
      name: "one channel with the numbers 1, 3, 1, 3, by hand",
      args: [float32([2, 1, 2, 1], [1, 3, 1, 3])],
      expected: () => ({ shift: float32([1], [2]), scale: float32([1], [1]) }),
    },
    {
      name: "two channels: 0, 8 and −1, −1.5",
      args: [float32([2, 1, 1, 2], [0, -1, 8, -1.5])],
      expected: () => ({ shift: float32([2], [4, -1.25]), scale: float32([2], [0.25, 4]) }),
    },
    {
      name: `${CHANNELS} channels of very different width`,
      args: [latents],
      expected: () => statistics(latents),
      tolerance: 1e-4,
    },
    {
      name: "scaled by it, each channel has mean 0 and variance 1",
      calls: [[latents]],
      judge: ([output]) => judgeScaled(output),
    },
  ],
  bugs: [
    {
      name: "deviation instead of its inverse",
      says:
        "`scale` is the deviation itself. It multiplies, so a wide channel needs a small number.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0, 1, 2]);
        return { shift: mean, scale: tf.sqrt(variance) };
      },
    },
    {
      name: "one by the variance",
      says:
        "`scale` is 1 / variance. Numbers with a deviation of 4 must be divided by 4, not by 16.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0, 1, 2]);
        return { shift: mean, scale: tf.div(1, variance) };
      },
    },
    {
      name: "mean not taken off",
      says:
        "The width is measured from 0 instead of from the mean: a channel that lies far from 0 looks wider than it is.",
      wrong: (latents: tf.Tensor) => ({
        shift: tf.mean(latents, [0, 1, 2]),
        scale: tf.rsqrt(tf.mean(tf.square(latents), [0, 1, 2])),
      }),
    },
    {
      name: "sign of the shift",
      says: "The shift has the wrong sign: it is subtracted.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0, 1, 2]);
        return { shift: tf.neg(mean), scale: tf.rsqrt(variance) };
      },
    },
    {
      name: "all channels in one pot",
      says: "All channels share one mean and one deviation. Each has its own.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents);
        const channels = [latents.shape[3]!];
        return {
          shift: tf.fill(channels, mean.dataSync()[0]!),
          scale: tf.fill(channels, 1 / Math.sqrt(variance.dataSync()[0]!)),
        };
      },
    },
    {
      name: "over the pictures alone",
      says:
        "Every place has its own numbers: the mean goes over the pictures alone. It should go over height and width too.",
      wrong: (latents: tf.Tensor) => {
        const { mean, variance } = tf.moments(latents, [0]);
        return { shift: mean, scale: tf.rsqrt(variance) };
      },
    },
    {
      name: "mean absolute distance",
      says:
        "The width is the mean absolute distance to the mean. The deviation is the root of the mean of squares.",
      wrong: (latents: tf.Tensor) => {
        const mean = tf.mean(latents, [0, 1, 2]);
        return {
          shift: mean,
          scale: tf.div(1, tf.mean(tf.abs(tf.sub(latents, mean)), [0, 1, 2])),
        };
      },
    },
  ],
};

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
    scale: float32([CHANNELS], channels.map((numbers) => 1 / Math.sqrt(varianceOf(numbers)))),
  };
}

function judgeScaled(output: Output | undefined): string | undefined {
  if (typeof output !== "object" || output === null || Array.isArray(output)) {
    throw new ReturnTypeError("returned something else than { shift, scale }");
  }
  const { shift, scale } = output as { shift?: Output; scale?: Output };
  const by = [tensorOf(shift, [CHANNELS]), tensorOf(scale, [CHANNELS])] as const;
  for (let c = 0; c < CHANNELS; c++) {
    const scaled = channelOf(latents, c).map((z) => (z - by[0].data[c]!) * by[1].data[c]!);
    const mean = meanOf(scaled), variance = varianceOf(scaled);
    if (!(Math.abs(mean) < 1e-3) || !(Math.abs(variance - 1) < 1e-3)) {
      return `channel ${c} has mean ${mean.toFixed(3)} and variance ${variance.toFixed(3)} ` +
        "after scaling: expected 0 and 1";
    }
  }
}
