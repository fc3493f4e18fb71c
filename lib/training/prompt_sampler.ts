import type { Device, Value } from "../engine/mod.ts";
import type { PredictionOptions } from "../flow/mod.ts";
import type { LatentCodec } from "../latents/codec.ts";
import type { ImageShape, Model } from "../models/mod.ts";
import { sizeOf } from "../tensors.ts";
import type { EncodedText, PromptEncoder } from "../text/prompt_encoder.ts";
import { gatherText } from "./examples.ts";
import { createImageSampler, imageNoise, type SampleRequest } from "./image_sampler.ts";

/** A model that is asked in words, with what turns words into vectors and latents into pictures. */
export interface PromptModel {
  model: Model;
  encoder: PromptEncoder;
  /** Absent for a model of pixels. */
  codec?: LatentCodec | undefined;
}

/** What to draw, and how. */
export interface PromptRequest
  extends Omit<SampleRequest, "noise" | "labels" | "text" | "negative"> {
  /** One for each picture. */
  prompts: readonly string[];
  /** Seed of each picture's noise: the same seed is the same noise, whatever the prompt. */
  seeds: readonly number[];
  /** What the pictures should not show; it takes the place of the null text in guidance. */
  negative?: string | undefined;
}

/** Pictures `[N, H, W, C]` in about [−1, 1]. */
export interface Pictures {
  images: Float32Array<ArrayBuffer>;
  count: number;
  shape: ImageShape;
  /** What the model itself drew, before decoding: `[N, h, w, c]`. */
  latents: Float32Array<ArrayBuffer>;
}

/** A model compiled for drawing what prompts say. */
export interface PromptSampler {
  draw(weights: Record<string, Value>, request: PromptRequest): Promise<Pictures>;
  dispose(): Promise<void>;
}

/**
 * Compiles a model for drawing from prompts, `count` pictures at a time: prompts → vectors, noise → latents along the
 * guided velocity, latents → pixels.
 */
export function createPromptSampler(
  device: Device,
  { model, encoder, codec }: PromptModel,
  options: PredictionOptions & { count: number },
): PromptSampler {
  if (!model.text) throw new TypeError(`Cannot ask ${model.name} in words: it takes no text`);
  const drawing = createImageSampler(device, model, options);
  const pixels = sizeOf(model.imageShape);

  return {
    async draw(weights, { prompts, seeds, negative, ...how }) {
      const count = prompts.length;
      if (seeds.length !== count || count === 0) {
        throw new RangeError(
          `There are ${count} prompts and ${seeds.length} seeds: expected a seed for each prompt`,
        );
      }
      const noise = new Float32Array(count * pixels);
      seeds.forEach((seed, i) => noise.set(imageNoise(seed, pixels), i * pixels));
      const latents = await drawing.draw(weights, {
        ...how,
        noise,
        text: await encodeAll(encoder, prompts),
        ...(negative !== undefined && {
          negative: await encodeAll(encoder, prompts.map(() => negative)),
        }),
      });
      if (!codec) return { images: latents, latents, count, shape: model.imageShape };
      const images = await codec.decode(latents, model.imageShape);
      const shape = decodedShape(model.imageShape, images.length / count);
      return { images, latents, count, shape };
    },
    dispose: () => drawing.dispose(),
  };
}

/** Encodes prompts, each different one once. */
export async function encodeAll(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<EncodedText> {
  const different = [...new Set(prompts)];
  const places = new Map(different.map((prompt, i) => [prompt, i]));
  return gatherText(await encoder.encode(different), prompts.map((prompt) => places.get(prompt)!));
}

/** Height, width and colours of a decoded picture: as much larger in both directions as its numbers say. */
export function decodedShape([height, width]: ImageShape, numbers: number): ImageShape {
  const factor = Math.sqrt(numbers / (3 * height * width));
  if (!Number.isInteger(factor)) {
    throw new RangeError(
      `The decoder gave ${numbers} numbers for latents of ${height}×${width}: ` +
        "expected a picture of three colours, a whole number of times as large",
    );
  }
  return [height * factor, width * factor, 3];
}
