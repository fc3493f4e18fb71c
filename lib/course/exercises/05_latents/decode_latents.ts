import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor, int32 } from "../../../tensors.ts";
import type { Argument, Callback, Exercise } from "../../exercise.ts";
import { normal } from "./values.ts";

type Decoder = (latents: tf.Tensor) => tf.Tensor;
/** What a learner's function gets. */
type Given = [decoder: Decoder, scaled: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor];

/** The first three channels are red, green and blue, the fourth makes all lighter. */
const COLOURS = [0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5, 0.25, 0.25, 0.25];
const drawn = normal([2, 3, 4, 4], 61);
const shift = [0.4, -0.2, 0.1, 0.3], scale = 0.7;

/** Exercise 5.6. */
export const decodeLatentsExercise: Exercise = {
  id: "5.6",
  name: "decodeLatents",
  title: "From latents to pixels",
  difficulty: 3,
  importance: 5,
  minutes: 10,
  hints: [
    "Solve scaled = (latents − shift) · scale for the latents. What was done last is undone first.",
    "`tf.clipByValue(x, -1, 1)` is for the pictures. Latents are never clipped: theirs go as far as they like.",
    '−1 … 1 to 0 … 255: add 1, multiply by 127.5. Then `tf.round`, and `tf.cast(…, "int32")`.',
  ],
  checks: [
    {
      name: "shift 0 and scale 1: one grey latent, by hand",
      args: [decoder([1, 1, 1], 1), grey([0.2]), float32([1], [0]), float32([], [1])],
      expected: () => int32([1, 1, 1, 3], [153, 153, 153]),
    },
    {
      name: "black, nearly white, and what lies beyond both",
      args: [
        decoder([1, 1, 1], 1),
        grey([-1, 0.997, -3, 40]),
        float32([1], [0]),
        float32([], [1]),
      ],
      expected: () => int32([1, 1, 4, 3], [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255]),
    },
    {
      name: "shift ½ and scale 4: −1 / 4 + ½ = ¼",
      args: [decoder([1, 1, 1], 1), grey([-1]), float32([1], [0.5]), float32([], [4])],
      expected: () => int32([1, 1, 1, 3], [159, 159, 159]),
    },
    {
      name: "latents beyond ±1 that make colours within",
      args: [
        decoder([0.1, 0.2, -0.1], 2),
        grey([4]),
        float32([1], [-1]),
        float32([], [1]),
      ],
      expected: () => int32([1, 2, 2, 3], new Array(4).fill([166, 204, 89]).flat()),
    },
    {
      name: "two pictures of four channels, each with its own shift",
      args: [
        decoder(COLOURS, 2),
        drawn,
        float32([4], shift),
        float32([], [scale]),
      ],
      expected: () => mosaic(drawn, 2),
    },
  ],
  bugs: [
    {
      name: "not unscaled",
      says:
        "Shift and scale have no effect: the decoder gets scaled latents, which it has never seen.",
      wrong: (...[decoder, scaled]: Given) => toPixels(clipped(decoder(scaled))),
    },
    {
      name: "scaled twice",
      says: "The latents are scaled once more instead of back: this is the way into the flow.",
      wrong: (...[decoder, scaled, shift, scale]: Given) =>
        toPixels(clipped(decoder(tf.mul(tf.sub(scaled, shift), scale)))),
    },
    {
      name: "order turned",
      says: "The order is turned: multiplied last means divided first, and then the shift.",
      wrong: (...[decoder, scaled, shift, scale]: Given) =>
        toPixels(clipped(decoder(tf.div(tf.add(scaled, shift), scale)))),
    },
    {
      name: "multiplied",
      says:
        "The shift is right, but the scale multiplies. It has multiplied already, on the way in.",
      wrong: (...[decoder, scaled, shift, scale]: Given) =>
        toPixels(clipped(decoder(tf.add(tf.mul(scaled, scale), shift)))),
    },
    {
      name: "shift forgotten",
      says: "The shift is missing: what was subtracted on the way in must be added on the way out.",
      wrong: (...[decoder, scaled, , scale]: Given) =>
        toPixels(clipped(decoder(tf.div(scaled, scale)))),
    },
    {
      name: "latents clipped",
      says:
        "The latents look clipped to −1 … 1. Only pictures have these bounds, so clip what the decoder returns.",
      wrong: (...[decoder, ...given]: Given) =>
        toPixels(clipped(decoder(clipped(unscaled(...given))))),
    },
    {
      name: "pictures not clipped",
      says:
        "There are pixels below 0 or above 255: what the decoder returns may lie beyond −1 … 1.",
      wrong: (...[decoder, ...given]: Given) => toPixels(decoder(unscaled(...given))),
    },
    {
      name: "0 … 1 to pixels",
      says:
        "Everything dark has become black: this takes 0 as black. Here −1 is black and 0 is a middle grey.",
      wrong: (...[decoder, ...given]: Given) =>
        tf.cast(
          tf.round(tf.mul(255, tf.clipByValue(decoder(unscaled(...given)), 0, 1))),
          "int32",
        ),
    },
    {
      name: "cut instead of rounded",
      says:
        "Some pixels are 1 too small: turning a number into int32 cuts off what follows the point. Round it first.",
      wrong: (...[decoder, ...given]: Given) =>
        tf.cast(
          tf.mul(tf.add(clipped(decoder(unscaled(...given))), 1), 127.5),
          "int32",
        ),
    },
    {
      name: "pictures instead of pixels",
      says: "These are pictures in −1 … 1. The last step makes pixels of them, 0 … 255.",
      wrong: (...[decoder, ...given]: Given) => clipped(decoder(unscaled(...given))),
    },
  ],
};

function decoder(colours: readonly number[], factor: number): Callback {
  return {
    callback: "mosaicDecoder",
    options: { factor, colours: float32([colours.length / 3, 3], [...colours]) },
  };
}

/** Latents of one channel in a row, `[1, 1, n, 1]`. */
function grey(values: readonly number[]): Argument {
  return float32([1, 1, values.length, 1], [...values]);
}

function unscaled(scaled: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return tf.add(tf.div(scaled, scale), shift);
}

function clipped(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(x, -1, 1);
}

function toPixels(pictures: tf.Tensor): tf.Tensor {
  return tf.cast(tf.round(tf.mul(tf.add(pictures, 1), 127.5)), "int32");
}

/** The pixels of the last check, one by one. */
function mosaic({ shape, data }: HostTensor, factor: number): HostTensor {
  const [batch, h, w, channels] = shape as [number, number, number, number];
  const height = h * factor, width = w * factor;
  const pixels = Array.from({ length: batch * height * width * 3 }, (_, i) => {
    const colour = i % 3, place = (i - colour) / 3;
    const x = Math.floor((place % width) / factor);
    const y = Math.floor(Math.floor(place / width) % height / factor);
    const b = Math.floor(place / (width * height));
    let value = 0;
    for (let c = 0; c < channels; c++) {
      const latent = data[((b * h + y) * w + x) * channels + c]! / scale + shift[c]!;
      value += latent * COLOURS[3 * c + colour]!;
    }
    return Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5);
  });
  return int32([batch, height, width, 3], pixels);
}
