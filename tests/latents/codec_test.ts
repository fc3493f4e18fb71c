import {
  decodeAutoencoder,
  encodeAutoencoder,
  loadAutoencoder,
  openCodec,
} from "@course/latents/mod.ts";
import { toTensors } from "@course/nn/mod.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertAllClose, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { someImages, tinyAutoencoder, withFolder, writeTinyAutoencoder } from "./fixtures.ts";

Deno.test("a codec from a file encodes to scaled means and decodes them, as tfjs's cpu backend does", () =>
  withFolder(async (folder) => {
    await tf.setBackend("cpu");
    const path = await writeTinyAutoencoder(folder);
    const { model, scaling: { shift, scale } } = tinyAutoencoder();
    // The weights as they are in the file, in half precision.
    const params = toTensors((await loadAutoencoder(path)).weights);
    const codec = await openCodec(path);
    try {
      assertEquals(codec.latentShape([8, 12, 3]), [2, 3, 2]);
      for (const [height, width] of [[8, 8], [16, 8]] as const) {
        const images = someImages(1, 16).slice(0, height * width * 3);
        const { mean } = model.encode(params, tf.tensor(images, [1, height, width, 3]));
        const expected = mean.dataSync().map((value, i) => (value - shift[i % 2]!) * scale);
        const latents = await codec.encode(images, [height, width, 3]);
        assertAllClose(latents, expected, 1e-4, "latents");

        const decoded = model.decode(params, mean).dataSync();
        const clipped = decoded.map((value) => Math.min(1, Math.max(-1, value)));
        const latentShape = codec.latentShape([height, width, 3]);
        assertAllClose(await codec.decode(latents, latentShape), clipped, 1e-4, "images");
      }
    } finally {
      await codec.dispose();
    }
  }));

Deno.test("each image is coded alone, whatever the number that comes with it", () =>
  withFolder(async (folder) => {
    const codec = await openCodec(await writeTinyAutoencoder(folder));
    try {
      const images = someImages(19, 8), latents = await codec.encode(images, [8, 8, 3]);
      const decoded = await codec.decode(latents, [2, 2, 2]);
      assertEquals([latents.length, decoded.length], [19 * 8, images.length]);
      for (const n of [0, 16, 18]) {
        const alone = await codec.encode(images.slice(n * 192, (n + 1) * 192), [8, 8, 3]);
        assertAllClose(latents.subarray(n * 8, (n + 1) * 8), alone, 1e-5, `latent ${n}`);
        const image = await codec.decode(alone, [2, 2, 2]);
        assertAllClose(decoded.subarray(n * 192, (n + 1) * 192), image, 1e-5, `image ${n}`);
      }
    } finally {
      await codec.dispose();
    }
  }));

Deno.test("a file comes back with its options, scaling and weights to three digits", () => {
  const content = tinyAutoencoder();
  const back = decodeAutoencoder(encodeAutoencoder(content));
  assertEquals([back.options, back.scaling], [content.options, content.scaling]);
  for (const [name, { data }] of Object.entries(content.weights)) {
    assertAllClose(back.weights[name]!.data, data, 5e-4, name);
  }
});

Deno.test("fingerprints differ by weights and by scaling alone", () => {
  const content = tinyAutoencoder();
  const fingerprint = (changes: object) =>
    decodeAutoencoder(encodeAutoencoder({ ...content, ...changes })).fingerprint;
  assertEquals(fingerprint({}), fingerprint({}));
  assert(fingerprint({}) !== fingerprint({ weights: tinyAutoencoder(2).weights }));
  assert(fingerprint({}) !== fingerprint({ scaling: { ...content.scaling, scale: 0.3 } }));
});

Deno.test("damaged and foreign files are refused with what is wrong", () => {
  const content = tinyAutoencoder();
  const { "encoder.input.weight": _, ...fewer } = content.weights;
  assertThrows(
    () => decodeAutoencoder(encodeAutoencoder({ ...content, weights: fewer })),
    "it has no encoder.input.weight",
  );
  assertThrows(
    () =>
      decodeAutoencoder(
        encodeAutoencoder({ ...content, options: { ...content.options, width: 4 } }),
      ),
    "instead of [3, 3, 12, 4]",
  );
  assertThrows(
    () => decodeAutoencoder(encodeAutoencoder({ ...content, scaling: { shift: [0], scale: 1 } })),
    "expected 2 shifts and a scale above 0",
  );
});

Deno.test("what is no codec is refused in a sentence", () =>
  withFolder(async (folder) => {
    await assertRejects(() => openCodec("vea"), 'There is no codec "vea": there is vae');
    await assertRejects(() => openCodec(`${folder}/none.safetensors`), "There is no file");
    await Deno.writeTextFile(`${folder}/text.safetensors`, "not a safetensors file");
    await assertRejects(() => openCodec(`${folder}/text.safetensors`), "as an autoencoder");
    const codec = await openCodec(await writeTinyAutoencoder(folder));
    try {
      await assertRejects(() => codec.encode(new Float32Array(9), [8, 8, 3]), "has 192");
      await assertRejects(() => codec.encode(new Float32Array(75), [5, 5, 3]), "divisible by 4");
      await assertRejects(
        () => codec.decode(new Float32Array(4), [1, 1, 4]),
        "latents of 4 channels: this autoencoder has 2",
      );
    } finally {
      await codec.dispose();
    }
  }));
