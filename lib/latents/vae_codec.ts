import * as tf from "@tensorflow/tfjs-core";
import { compile, type Device, type Program, type TensorFunction } from "../engine/mod.ts";
import { type ImageShape, latentShapeOf, VAE_FACTOR } from "../models/mod.ts";
import { addPrefix, takePrefix } from "../nn/mod.ts";
import { float32, sizeOf, type SpecRecord, type TensorRecord } from "../tensors.ts";
import type { Autoencoder } from "./autoencoder_file.ts";
import type { LatentCodec } from "./codec.ts";
import { scaleLatents, unscaleLatents } from "./scaling.ts";

/** Numbers of examples that a program takes: few sizes to compile, and little work for nothing. */
const CHUNKS = [1, 4, 16];

/** A codec that computes with an autoencoder's weights; programs are compiled for each image shape when needed. */
export function vaeCodec(autoencoder: Autoencoder, device: Device, name: string): LatentCodec {
  const { options, fingerprint } = autoencoder;
  const programs = new Map<string, Promise<Program>>();

  function program(direction: Direction, shape: ImageShape, count: number): Promise<Program> {
    const key = `${direction} ${count} ${shape}`;
    let found = programs.get(key);
    if (!found) {
      const { fn, inputs, constants } = codecFunction(autoencoder, direction, shape, count);
      found = compile(device, fn, inputs, { constants });
      programs.set(key, found);
      // What could not be compiled may be tried again.
      found.catch(() => programs.delete(key));
    }
    return found;
  }

  async function run(direction: Direction, data: Float32Array, from: ImageShape, to: ImageShape) {
    const [input, output] = NAMES[direction];
    const before = sizeOf(from), after = sizeOf(to), count = data.length / before;
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(
        `Cannot ${direction} ${data.length} numbers: one of the ${input} [${
          from.join(", ")
        }] has ${before}`,
      );
    }
    const result = new Float32Array(count * after);
    for (let start = 0; start < count;) {
      const chunk = CHUNKS.find((size) => size >= count - start) ?? CHUNKS.at(-1)!;
      const here = Math.min(chunk, count - start);
      // The last chunk is filled up with zeros, since programs have fixed shapes.
      const padded = new Float32Array(chunk * before);
      padded.set(data.subarray(start * before, (start + here) * before));
      const compiled = await program(direction, from, chunk);
      const results = await compiled.run({ [input]: float32([chunk, ...from], padded) });
      const values = results[output]!.data as Float32Array;
      result.set(values.subarray(0, here * after), start * after);
      start += here;
    }
    return result;
  }

  return {
    name,
    fingerprint: `vae:${fingerprint}`,
    latentShape: (imageShape) => latentShapeOf(options, imageShape),
    async encode(images, imageShape) {
      return await run("encode", images, imageShape, latentShapeOf(options, imageShape));
    },
    async decode(latents, latentShape) {
      return await run("decode", latents, latentShape, imageShapeOf(latentShape, options));
    },
    async dispose() {
      const all = await Promise.allSettled(programs.values());
      programs.clear();
      await Promise.all(all.map((one) => one.status === "fulfilled" && one.value.dispose()));
    },
  };
}

/** Images to scaled latents, or back. */
export type Direction = "encode" | "decode";

/** What goes in and what comes out. */
const NAMES = { encode: ["images", "latents"], decode: ["latents", "images"] } as const;

/**
 * One direction of an autoencoder in the form that the engine takes, with the scaling inside: `images`
 * `[B, H, W, 3]` in [−1, 1] → scaled `latents` `[B, h, w, c]` (the posterior's mean), or back.
 */
export function codecFunction(
  { model, scaling, weights }: Pick<Autoencoder, "model" | "scaling" | "weights">,
  direction: Direction,
  shape: ImageShape,
  count: number,
): { fn: TensorFunction; inputs: SpecRecord; constants: Autoencoder["weights"] } {
  const [input, output] = NAMES[direction];
  const apply = {
    encode(params: TensorRecord, images: tf.Tensor) {
      return scaleLatents(model.encode(params, images).mean, scaling);
    },
    decode(params: TensorRecord, latents: tf.Tensor) {
      return tf.clipByValue(model.decode(params, unscaleLatents(latents, scaling)), -1, 1);
    },
  }[direction];
  // The decoder needs nothing of the encoder, and the other way round.
  const part = direction === "encode" ? "encoder." : "decoder.";
  const needed = Object.entries(weights).filter(([name]) => name.startsWith(part));
  return {
    fn: (inputs) => ({ [output]: apply(takePrefix(inputs, "weights"), inputs[input]!) }),
    inputs: { [input]: { shape: [count, ...shape], dtype: "float32" } },
    constants: addPrefix(Object.fromEntries(needed), "weights"),
  };
}

function imageShapeOf(
  [height, width, channels]: ImageShape,
  { latentChannels }: Autoencoder["options"],
): ImageShape {
  if (channels !== latentChannels) {
    throw new RangeError(
      `Cannot decode latents of ${channels} channels: this autoencoder has ${latentChannels}`,
    );
  }
  return [height * VAE_FACTOR, width * VAE_FACTOR, 3];
}
