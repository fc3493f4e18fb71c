import "@course/course/eager.ts";
import { assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  dataFromVelocity,
  interpolate,
  noiseFromVelocity,
  velocity,
  velocityFromData,
} from "@course/flow/mod.ts";

/*
 * The formulas of docs/time.md, each starting from another paper's own path and ending at ours.
 */

const data = 0.7, noise = -1.3;

/** Where a point of the path a · data + b · noise lies on ours. */
function ours(a: number, b: number) {
  return { t: b / (a + b), x: (a * data + b * noise) / (a + b), v: noise - data };
}

function value(
  fn: (x: tf.Tensor, y: tf.Tensor, t: tf.Tensor) => tf.Tensor,
  x: number,
  y: number,
  t: number,
) {
  return fn(tf.tensor1d([x]), tf.tensor1d([y]), tf.tensor1d([t])).dataSync()[0]!;
}

Deno.test("any path a · data + b · noise comes to ours by t = b / (a + b), x = x / (a + b)", () => {
  for (const [a, b] of [[0.3, 0.7], [1, 3.5], [Math.sqrt(0.6), Math.sqrt(0.4)]] as const) {
    const { t, x, v } = ours(a, b);
    assertAlmostEquals(value(interpolate, data, noise, t), x, 1e-6);
    assertAlmostEquals(value(dataFromVelocity, x, v, t), data, 1e-6);
    assertAlmostEquals(value(noiseFromVelocity, x, v, t), noise, 1e-6);
  }
  assertAlmostEquals(value((x0, x1) => velocity(x0, x1), data, noise, 0), -2, 1e-6);
});

Deno.test("DDPM: a prediction of the noise becomes the velocity", () => {
  const alphaBar = 0.6, a = Math.sqrt(alphaBar), b = Math.sqrt(1 - alphaBar);
  const { t, x, v } = ours(a, b);
  assertAlmostEquals((noise - x) / (1 - t), v);
});

Deno.test("EDM: a denoiser at σ becomes the velocity at t = σ / (1 + σ)", () => {
  const sigma = 2.1, theirs = data + sigma * noise;
  const t = sigma / (1 + sigma), x = theirs / (1 + sigma);
  assertAlmostEquals(
    value((x, x0, t) => velocityFromData(x, x0, t), x, data, t),
    noise - data,
    1e-6,
  );
});

Deno.test("rectified flow and Lipman et al.: time and sign are turned round", () => {
  const s = 0.3, theirs = s * data + (1 - s) * noise, theirVelocity = data - noise;
  const { t, x, v } = ours(s, 1 - s);
  assertAlmostEquals(t, 1 - s);
  assertAlmostEquals(x, theirs);
  assertAlmostEquals(v, -theirVelocity);
});

Deno.test("a score gives velocity, data and noise, and the velocity gives the score", () => {
  const t = 0.37, x = (1 - t) * data + t * noise, v = noise - data;
  const score = -(x - (1 - t) * data) / t ** 2;
  assertAlmostEquals(-(x + t * score) / (1 - t), v);
  assertAlmostEquals((x + t ** 2 * score) / (1 - t), data);
  assertAlmostEquals(-t * score, noise);
  assertAlmostEquals(-(x + (1 - t) * v) / t, score);
  // Of a scaled path: noise = −b · score.
  const a = 0.8, b = 0.6, theirs = a * data + b * noise;
  assertAlmostEquals(-b * (-(theirs - a * data) / b ** 2), noise);
});

Deno.test('"v-prediction" of Salimans & Ho is another velocity; it gives data and noise', () => {
  const a = Math.sqrt(0.6), b = Math.sqrt(0.4), x = a * data + b * noise;
  const theirs = a * noise - b * data;
  assertAlmostEquals(a * x - b * theirs, data);
  assertAlmostEquals(b * x + a * theirs, noise);
});
