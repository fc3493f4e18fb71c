import type { InferenceSession, Tensor } from "onnxruntime-node";
import { createHash } from "node:crypto";
import type { ImageShape } from "../models/mod.ts";
import { sizeOf } from "../tensors.ts";
import { channelsFirst, channelsLast } from "./channel_order.ts";
import type { LatentCodec } from "./codec.ts";
import { checkSignature, factorOf, type Port } from "./onnx_ports.ts";

/** What has to be known about a decoder that comes from elsewhere. */
export interface OnnxDecoderOptions {
  /** Latents that it decodes are `scaled / scalingFactor + shift`, as in diffusers' `config.json`. */
  scalingFactor: number;
  /** 0 by default. */
  shift?: number;
  /** Whether it takes `[B, c, h, w]` and gives `[B, 3, H, W]`, as PyTorch does; else channels come last. */
  channelFirst: boolean;
}

/** Latents that are decoded at once, where the model leaves that open. */
const CHUNK = 8;

/**
 * A decoder in an `.onnx` file, such as that of a DC-AE (`[B, 32, 16, 16]` → `[B, 3, 512, 512]`), as a codec that
 * can only decode. It has one input and one output of float32 numbers; images are expected in [−1, 1].
 *
 * Throws a RangeError that says what the file takes and gives, if that is something else.
 */
export async function openOnnxDecoder(
  path: string,
  options: OnnxDecoderOptions,
): Promise<LatentCodec> {
  const { scalingFactor, shift = 0, channelFirst } = options;
  if (!(Number.isFinite(scalingFactor) && scalingFactor > 0)) {
    throw new RangeError(
      `Cannot use a scaling factor of ${scalingFactor}: expected a number above 0`,
    );
  }
  const bytes = await readModel(path);
  // Loaded only now: it takes a while, and most programs need no decoder from elsewhere.
  const { default: ort } = await import("onnxruntime-node");
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  } catch (error) {
    throw new RangeError(`Cannot open ${path} as an ONNX model: ${(error as Error).message}`, {
      cause: error,
    });
  }
  let ports: { input: Port; output: Port };
  try {
    ports = checkSignature(path, session, channelFirst);
  } catch (error) {
    await session.release();
    throw error;
  }
  const { input, output } = ports;
  const hash = createHash("sha256").update(bytes).update(JSON.stringify([scalingFactor, shift]));

  /** Runs latents `[count, …]` that are already in the decoder's own layout and scale. */
  async function run(data: Float32Array, count: number, latentShape: ImageShape): Promise<Tensor> {
    const shape = channelFirst ? toFirst(latentShape) : latentShape;
    const tensor = new ort.Tensor("float32", data, [count, ...shape]);
    return (await session.run({ [input.name]: tensor }))[output.name]!;
  }

  return {
    name: path,
    fingerprint: `onnx:${hash.digest("hex").slice(0, 16)}`,
    latentShape(imageShape) {
      const factor = factorOf(input, output);
      if (factor === undefined || input.shape.channels === undefined) {
        throw new RangeError(
          `Cannot tell the shape of latents of images [${imageShape.join(", ")}]: ` +
            `${path} leaves its sizes open`,
        );
      }
      const [height, width] = imageShape;
      return [height / factor, width / factor, input.shape.channels];
    },
    encode() {
      return Promise.reject(
        new TypeError(`Cannot encode with ${path}: it is a decoder alone`),
      );
    },
    async decode(latents, latentShape) {
      checkLatents(path, latents, latentShape, input);
      const size = sizeOf(latentShape), count = latents.length / size;
      const chunk = input.shape.batch ?? Math.min(CHUNK, count);
      const unscaled = latents.map((value) => value / scalingFactor + shift);
      const parts: Float32Array[] = [];
      for (let start = 0; start < count; start += chunk) {
        const here = Math.min(chunk, count - start);
        // A model with a fixed batch is always given that many; the last ones are filled up with zeros.
        const given = input.shape.batch ?? here;
        const part = new Float32Array(given * size);
        part.set(unscaled.subarray(start * size, (start + here) * size));
        const own = channelFirst ? channelsFirst(part, given, latentShape) : part;
        const result = await run(own, given, latentShape);
        const images = imagesOf(path, result, given, channelFirst);
        parts.push(images.subarray(0, images.length / given * here));
      }
      return concatenate(parts);
    },
    dispose: () => session.release(),
  };
}

function checkLatents(
  path: string,
  latents: Float32Array,
  latentShape: ImageShape,
  { shape }: Port,
): void {
  const [height, width, channels] = latentShape;
  const fits = (size: number | undefined, came: number) => size === undefined || size === came;
  if (!fits(shape.height, height) || !fits(shape.width, width) || !fits(shape.channels, channels)) {
    const expected = [shape.height, shape.width, shape.channels].map((size) => size ?? "any");
    throw new RangeError(
      `Cannot decode latents [${latentShape.join(", ")}] with ${path}: ` +
        `it takes [${expected.join(", ")}] (height, width, channels)`,
    );
  }
  const count = latents.length / sizeOf(latentShape);
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(
      `Cannot decode ${latents.length} numbers: a latent [${latentShape.join(", ")}] has ` +
        sizeOf(latentShape),
    );
  }
}

/** The images of a result, channels last, in [−1, 1]. */
function imagesOf(path: string, { data, dims }: Tensor, count: number, channelFirst: boolean) {
  const [batch, ...axes] = dims as [number, number, number, number];
  const shape = (channelFirst ? [axes[1], axes[2], axes[0]] : axes) as unknown as ImageShape;
  if (dims.length !== 4 || batch !== count || shape[2] !== 3) {
    throw new RangeError(`${path} gave [${dims.join(", ")}], expected ${count} RGB images`);
  }
  const values = data as Float32Array;
  const images = channelFirst ? channelsLast(values, count, shape) : values.slice();
  return images.map((value) => Math.min(1, Math.max(-1, value)));
}

function toFirst([height, width, channels]: ImageShape): number[] {
  return [channels, height, width];
}

function concatenate(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`There is no file ${path}: expected a decoder's .onnx file`);
  }
}
