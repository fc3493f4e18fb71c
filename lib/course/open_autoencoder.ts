import type * as tf from "@tensorflow/tfjs-core";
import { compileByShape, type Device } from "../engine/mod.ts";
import type { Vae } from "../models/mod.ts";
import { float32, type HostRecord, type HostTensor, sizeOf } from "../tensors.ts";

/** An autoencoder ready to be looked into: images and latents of any size and number. */
export interface OpenAutoencoder {
  /** Images `[N, H, W, 3]` in [−1, 1] → mean and log variance of their latents, both `[N, h, w, c]`. */
  encode(images: HostTensor): Promise<{ mean: HostTensor; logVariance: HostTensor }>;
  /** Latents `[N, h, w, c]`, as the encoder gives them, → what `finish` makes of the images `[N, H, W, 3]`. */
  decode(latents: HostTensor): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** How {@linkcode openAutoencoder} decodes. */
export interface AutoencoderOptions {
  /**
   * Surrounds the decoder: gets it and latents `[B, h, w, c]`. By default it is only called. What is given here
   * becomes a part of the compiled program, such as a learner's decode path.
   */
  path?: (decoder: (latents: tf.Tensor) => tf.Tensor, latents: tf.Tensor) => tf.Tensor;
}

/** Images that run through the network at once. */
const CHUNK = 25;

/** Compiles an autoencoder with its weights, for whatever sizes it is called with. */
export function openAutoencoder(
  device: Device,
  { model, weights }: { model: Vae; weights: HostRecord },
  { path = (decoder, latents) => decoder(latents) }: AutoencoderOptions = {},
): OpenAutoencoder {
  const constants = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [`weights/${name}`, tensor]),
  );
  const paramsOf = (inputs: Record<string, tf.Tensor>) =>
    Object.fromEntries(Object.keys(weights).map((name) => [name, inputs[`weights/${name}`]!]));
  const encoder = compileByShape(
    device,
    (inputs) => ({ ...model.encode(paramsOf(inputs), inputs.x!) }),
    { constants },
  );
  const decoder = compileByShape(device, (inputs) => {
    const params = paramsOf(inputs);
    return { images: path((latents) => model.decode(params, latents), inputs.x!) };
  }, { constants });

  return {
    async encode(images) {
      const { mean, logVariance } = await inChunks(images, (x) => encoder.run({ x }));
      return { mean: mean!, logVariance: logVariance! };
    },
    async decode(latents) {
      return (await inChunks(latents, (x) => decoder.run({ x }))).images!;
    },
    async dispose() {
      await encoder.dispose();
      await decoder.dispose();
    },
  };
}

/** Runs a function of `[B, …]` over all examples, some at a time, and puts the results together. */
async function inChunks(
  { data, shape }: HostTensor,
  run: (part: HostTensor) => Promise<HostRecord>,
): Promise<HostRecord> {
  const [count = 0, ...rest] = shape, size = sizeOf(rest);
  if (count === 0) throw new RangeError("Cannot encode or decode an empty batch: expected [N, …]");
  const parts: HostRecord[] = [];
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK);
    const numbers = data.slice(start * size, end * size) as Float32Array<ArrayBuffer>;
    parts.push(await run(float32([end - start, ...rest], numbers)));
  }
  return Object.fromEntries(
    Object.keys(parts[0]!).map((name) => [name, concat(parts.map((part) => part[name]!), count)]),
  );
}

function concat(parts: readonly HostTensor[], count: number): HostTensor {
  const [first] = parts as [HostTensor], Kind = first.data.constructor as Float32ArrayConstructor;
  const data = new Kind(parts.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [count, ...first.shape.slice(1)], dtype: first.dtype, data };
}
