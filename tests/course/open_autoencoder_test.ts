import * as tf from "@tensorflow/tfjs-core";
import { openAutoencoder } from "@course/course/open_autoencoder.ts";
import { openDevice } from "@course/engine/mod.ts";
import { vae } from "@course/models/mod.ts";
import { initialise } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, type HostTensor } from "@course/tensors.ts";
import { decodeLatents } from "@solutions/05_latents.ts";
import { assertAllClose, assertEquals, assertRejects } from "@std/assert";
import "@course/course/mod.ts";

const device = await openDevice("cpu");
const model = vae({ width: 8, latentChannels: 2, encoderBlocks: 1, decoderBlocks: 1, groups: 2 });
const weights = initialise(model.params, createRandom(1));
const params = Object.fromEntries(
  Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
);
const tensorOf = ({ data, shape }: HostTensor) => tf.tensor(data, [...shape]);
const some = (shape: readonly number[], seed: number) =>
  float32(shape, normals(createRandom(seed), shape.reduce((a, b) => a * b, 1)));

Deno.test("an opened autoencoder encodes and decodes any number of images of any size as tfjs does", async () => {
  const opened = openAutoencoder(device, { model, weights });
  for (const shape of [[27, 8, 8, 3], [1, 12, 8, 3]]) {
    const images = some(shape, 2);
    const { mean, logVariance } = await opened.encode(images);
    const expected = model.encode(params, tensorOf(images));
    assertEquals(mean.shape, expected.mean.shape);
    assertAllClose(mean.data, expected.mean.dataSync(), 1e-4);
    assertAllClose(logVariance.data, expected.logVariance.dataSync(), 1e-4);
    const decoded = await opened.decode(mean);
    assertEquals(decoded.shape, shape);
    assertAllClose(decoded.data, model.decode(params, expected.mean).dataSync(), 1e-4);
  }
  await assertRejects(
    () => opened.encode(float32([0, 8, 8, 3])),
    "Cannot encode or decode an empty batch: expected [N, …]",
  );
  await opened.dispose();
});

Deno.test("a decode path that learners write becomes a part of the program", async () => {
  const shift = [0.5, -1], scale = 2;
  const opened = openAutoencoder(device, { model, weights }, {
    path: (decoder, latents) =>
      decodeLatents(decoder, latents, tf.tensor1d(shift), tf.scalar(scale)),
  });
  const scaled = some([3, 2, 2, 2], 3);
  const pixels = await opened.decode(scaled);
  const latents = Float32Array.from(scaled.data, (z, i) => z / scale + shift[i % 2]!);
  const pictures = model.decode(params, tf.tensor(latents, [3, 2, 2, 2])).dataSync();
  assertEquals(pixels.dtype, "int32");
  assertAllClose(
    pixels.data,
    Array.from(pictures, (x) => Math.round((Math.min(1, Math.max(-1, x)) + 1) * 127.5)),
    1,
  );
  await opened.dispose();
});
