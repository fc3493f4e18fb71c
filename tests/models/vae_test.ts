// tfjs-core alone knows no gradients; the whole package registers them.
import "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAllClose, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  klDivergence,
  latentShapeOf,
  type Posterior,
  reparameterise,
  vae,
} from "../../lib/models/mod.ts";
import { countParameters, initialise, normal, toTensors } from "../../lib/nn/mod.ts";
import { createRandom, normals } from "../../lib/random.ts";
import type { TensorRecord } from "../../lib/tensors.ts";

await tf.setBackend("cpu");

const small = vae({ width: 8, latentChannels: 2, groups: 2, encoderBlocks: 1, decoderBlocks: 1 });

/** Random everywhere: a fresh autoencoder's blocks do nothing yet. */
function randomParams(): TensorRecord {
  const random = createRandom(1);
  const specs = Object.fromEntries(
    Object.entries(small.params).map(([name, spec]) => [name, { ...spec, init: normal(0.3) }]),
  );
  return toTensors(initialise(specs, random));
}

function randomImages(shape: [number, number, number, number], seed = 2): tf.Tensor {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor(normals(createRandom(seed), size), shape);
}

function posterior(mean: number[], logVariance: number[]): Posterior {
  return { mean: tf.tensor1d(mean), logVariance: tf.tensor1d(logVariance) };
}

Deno.test("latents are a quarter of the image in each direction, and decode to its shape", () => {
  const params = randomParams();
  for (const [height, width] of [[8, 8], [16, 12], [4, 20]] as const) {
    const images = randomImages([2, height, width, 3]);
    const { mean, logVariance } = small.encode(params, images);
    assertEquals(mean.shape, [2, height / 4, width / 4, 2]);
    assertEquals(logVariance.shape, mean.shape);
    assertEquals(mean.shape.slice(1), [...latentShapeOf(small.options, [height, width, 3])]);
    assertEquals(small.decode(params, mean).shape, images.shape);
  }
});

Deno.test("images that 4 does not divide, or that are not RGB, are refused in a sentence", () => {
  const params = randomParams();
  assertThrows(
    () => small.encode(params, randomImages([1, 10, 8, 3])),
    "Cannot encode images of height 10: it must be divisible by 4",
  );
  assertThrows(
    () => latentShapeOf(small.options, [8, 8, 1]),
    "Cannot encode images of 1 channels: expected 3 (RGB)",
  );
});

Deno.test("the networks are convolutional: what repeats in a picture repeats in its latents and back", () => {
  const params = randomParams();
  const tile = randomImages([1, 16, 16, 3], 3);
  const images = tf.concat(Array<tf.Tensor>(7).fill(tile), 2);
  // Copies far enough from the borders, whose zeros are seen from five latents away.
  const { mean } = small.encode(params, images);
  const copy = (n: number) => tf.slice(mean, [0, 0, 4 * n, 0], [1, 4, 4, 2]).dataSync();
  assertAllClose(copy(2), copy(3), 1e-4);
  const latents = tf.concat(
    Array<tf.Tensor>(7).fill(tf.slice(mean, [0, 0, 12, 0], [1, 4, 4, 2])),
    2,
  );
  const periodic = small.decode(params, latents);
  const part = (n: number) => tf.slice(periodic, [0, 0, 16 * n, 0], [1, 16, 16, 3]).dataSync();
  assertAllClose(part(2), part(3), 1e-4);
  assert(Math.max(...part(2)) - Math.min(...part(2)) > 0.1, "the picture is not flat");
});

Deno.test("the KL divergence of a standard normal is 0, and of others what the formula's integral gives", () => {
  assertEquals([...klDivergence(posterior([0], [0])).dataSync()], [0]);
  const cases = [[0.7, 0], [0, -1.5], [-1.2, 0.8], [2, -3]] as const;
  const means = cases.map(([mean]) => mean), logVariances = cases.map(([, value]) => value);
  const computed = klDivergence(posterior(means, logVariances)).dataSync();
  assertAllClose(
    computed,
    cases.map(([mean, logVariance]) => integratedKl(mean, logVariance)),
    1e-4,
  );
});

/** ∫ q log(q / p) by the trapezoid rule: q normal of that mean and log variance, p standard normal. */
function integratedKl(mean: number, logVariance: number): number {
  const deviation = Math.exp(logVariance / 2), step = deviation / 200;
  let sum = 0;
  for (let x = mean - 9 * deviation; x <= mean + 9 * deviation; x += step) {
    const logQ = -((x - mean) ** 2) / (2 * deviation ** 2) - Math.log(deviation);
    const logP = -(x ** 2) / 2;
    sum += Math.exp(logQ) / Math.sqrt(2 * Math.PI) * (logQ - logP) * step;
  }
  return sum;
}

Deno.test("reparameterised latents have the posterior's mean and variance", () => {
  const count = 40_000, noise = tf.tensor1d(normals(createRandom(5), count));
  const shaped = { mean: tf.fill([count], 1.5), logVariance: tf.fill([count], Math.log(0.25)) };
  const { mean, variance } = tf.moments(reparameterise(shaped, noise));
  assertAllClose(mean.dataSync(), [1.5], 0.01);
  assertAllClose(variance.dataSync(), [0.25], 0.01);
  // Without noise, the mean itself.
  assertEquals([...reparameterise(posterior([3], [2]), tf.zeros([1])).dataSync()], [3]);
});

Deno.test("gradients through encoder, noise and decoder agree with finite differences", () => {
  const params = randomParams();
  const images = randomImages([1, 8, 8, 3]), noise = randomImages([1, 2, 2, 2], 6);
  const loss = (params: TensorRecord): tf.Scalar => {
    const code = small.encode(params, images);
    const difference = tf.sub(small.decode(params, reparameterise(code, noise)), images);
    return tf.add(tf.mean(tf.square(difference)), tf.mean(klDivergence(code))) as tf.Scalar;
  };
  const names = [
    "encoder.down.weight",
    "encoder.log_variance.bias",
    "decoder.quarter.0.conv2.weight",
    "decoder.output.weight",
  ];
  const gradients = tf.grads((...values: tf.Tensor[]) => {
    return loss({ ...params, ...Object.fromEntries(names.map((name, i) => [name, values[i]!])) });
  })(names.map((name) => params[name]!));
  names.forEach((name, i) => {
    const direction = tf.tensor(
      normals(createRandom(8), params[name]!.size),
      params[name]!.shape,
    );
    const along = tf.sum(tf.mul(gradients[i]!, direction)).dataSync()[0]!;
    const step = 1e-2;
    const at = (sign: number) => {
      const moved = tf.add(params[name]!, tf.mul(direction, sign * step));
      return loss({ ...params, [name]: moved }).dataSync()[0]!;
    };
    const difference = (at(1) - at(-1)) / (2 * step);
    assert(
      Math.abs(along - difference) < 0.02 * Math.abs(difference) + 1e-3,
      `${name}: gradient ${along}, difference ${difference}`,
    );
  });
});

Deno.test("a fresh autoencoder has little noise in its latents, and the size that it promises", () => {
  const { params } = vae();
  const count = countParameters(params);
  assert(count > 0.5e6 && count < 1.2e6, `${count} parameters`);
  const fresh = toTensors(initialise(small.params, createRandom(1)));
  const { logVariance } = small.encode(fresh, randomImages([1, 8, 8, 3]));
  assert(logVariance.dataSync().every((value) => value === -4));
});

Deno.test("what cannot be built is refused in a sentence", () => {
  assertThrows(() => vae({ width: 20 }), "width 20 is not divisible by 8 groups");
  assertThrows(() => vae({ width: 1.5 }), "width is 1.5, expected a whole number");
  assertThrows(() => vae({ depth: 2 } as never), 'Unknown key "depth" of vae');
});
