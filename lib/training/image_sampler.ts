import { compile, type Device, type Program, type Value } from "../engine/mod.ts";
import { type PredictionOptions, type Sampler, solve, timeGrid } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { addPrefix, tensorSpecs } from "../nn/mod.ts";
import type { EncodedText } from "../text/prompt_encoder.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, int32, sizeOf } from "../tensors.ts";
import { gatherText, textTensors } from "./examples.ts";
import { velocityFunction, type VelocityOptions } from "./velocity_function.ts";

/** A model compiled for drawing. */
export interface ImageSampler {
  /** Follows the model's velocity from the noise to images, `[N, H, W, C]`. */
  draw(weights: Record<string, Value>, request: SampleRequest): Promise<Float32Array<ArrayBuffer>>;
  dispose(): Promise<void>;
}

/** What to draw, and how. */
export interface SampleRequest {
  /** Standard normal numbers `[N, H, W, C]`. */
  noise: Float32Array<ArrayBuffer>;
  /** Class of each image `[N]`, for a model with classes. */
  labels?: ArrayLike<number>;
  /** Prompt of each image, encoded, for a model with text. */
  text?: EncodedText;
  /** What each image should not show, for a model with text; nothing in particular by default. */
  negative?: EncodedText;
  sampler: Sampler;
  steps: number;
  /** Strength of classifier-free guidance; 1 is none. */
  guidance: number;
  /**
   * Noise levels between which guidance is applied, both included; all of them by default. Elsewhere the model is
   * taken as it learned, at half the cost (Kynkäänniemi et al. 2024).
   */
  interval?: readonly [from: number, to: number];
  /** Takes more of the steps near noise if above 1; 1 by default. */
  shift?: number;
  /** Called after every step with the share done, 0 … 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Images that run through the model at once at most. */
const CHUNK = 64;

/**
 * Compiles a model for drawing `count` images at a time; other numbers work too, in chunks of the same size.
 * Guidance needs two evaluations per image, so without it another, cheaper program is compiled.
 */
export function createImageSampler(
  device: Device,
  model: Model,
  options: PredictionOptions & { count: number },
): ImageSampler {
  const chunk = Math.ceil(options.count / Math.ceil(options.count / CHUNK));
  const pixels = sizeOf(model.imageShape);
  const programs = new Map<boolean, Promise<Program>>();

  function program(guided: boolean): Promise<Program> {
    let found = programs.get(guided);
    if (!found) {
      found = compileVelocity(device, model, { ...options, count: chunk, guided });
      programs.set(guided, found);
    }
    return found;
  }

  return {
    async draw(weights, request) {
      const { noise, sampler, steps, guidance, shift = 1, onProgress, signal } = request;
      const [from, to] = checkInterval(request.interval ?? [0, 1]);
      const count = noise.length / pixels;
      if (!Number.isInteger(count) || count < 1) {
        throw new RangeError(
          `Cannot draw from ${noise.length} numbers of noise: an image takes ${pixels}`,
        );
      }
      const grid = timeGrid(steps, { shift });
      const guidedAt = (t: number) => {
        return takesCondition(model) && guidance !== 1 && t >= from && t <= to;
      };
      const images = new Float32Array(noise.length);
      for (let start = 0; start < count; start += chunk) {
        const here = Math.min(chunk, count - start);
        // The last chunk is filled up, since programs have fixed shapes.
        const x = new Float32Array(chunk * pixels);
        x.set(noise.subarray(start * pixels, (start + here) * pixels));
        const rows = Array.from({ length: chunk }, (_, i) => i < here ? start + i : -1);
        const fixed = {
          ...addPrefix(weights, "weights"),
          ...conditionInputs(model, request, rows),
        };
        const guide = { scale: float32([], [guidance]), ...negativeInputs(model, request, rows) };
        const field = async (x: Float32Array<ArrayBuffer>, t: number) => {
          const level = float32([chunk], new Float32Array(chunk).fill(t));
          const inputs = { ...fixed, x: float32([chunk, ...model.imageShape], x), t: level };
          const guided = guidedAt(t), velocity = await program(guided);
          return (await velocity.run(guided ? { ...inputs, ...guide } : inputs)).velocity!.data;
        };
        const drawn = await solve(field, x, {
          sampler,
          grid,
          eulerLast: options.prediction === "data",
          ...(signal && { signal }),
          ...(onProgress && {
            onStep: ({ step, steps }) => onProgress((start + here * step / steps) / count),
          }),
        });
        images.set(drawn.subarray(0, here * pixels), start * pixels);
      }
      return images;
    },
    async dispose() {
      for (const compiled of programs.values()) await (await compiled).dispose();
      programs.clear();
    },
  };
}

/** Whether a model can be asked for something. */
export function takesCondition(model: Pick<Model, "classes" | "text">): boolean {
  return model.classes > 0 || model.text !== undefined;
}

/** What the images of a chunk are asked for; row −1 fills the chunk up. */
function conditionInputs(model: Model, { labels, text }: SampleRequest, rows: number[]) {
  if (model.text) {
    if (!text) throw new TypeError("This model takes text: give an encoded prompt for every image");
    return textTensors(gatherText(text, rows));
  }
  if (model.classes === 0) return {};
  return { label: int32([rows.length], rows.map((row) => labels?.[row] ?? 0)) };
}

/** What guidance leads away from: negative prompts, or the null text. */
function negativeInputs(model: Model, { text, negative }: SampleRequest, rows: number[]) {
  if (!model.text) return {};
  const keep = new Float32Array(rows.length).fill(negative ? 1 : 0);
  return textTensors(gatherText(negative ?? text!, rows), { keep, prefix: "negative" });
}

function checkInterval(interval: readonly [number, number]): readonly [number, number] {
  const [from, to] = interval;
  if (from >= 0 && to <= 1 && from <= to) return interval;
  throw new RangeError(
    `Cannot guide between noise levels ${from} and ${to}: expected 0 ≤ from ≤ to ≤ 1`,
  );
}

/** The noise of one image that belongs to a seed: the same for every class, model and run. */
export function imageNoise(seed: number, pixels: number): Float32Array<ArrayBuffer> {
  return normals(forkRandom(seed, "image noise"), pixels);
}

/** Noise and labels of a grid with one class per row and one seed per column. */
export function gridNoise(
  classes: readonly number[],
  seeds: readonly number[],
  pixels: number,
): { noise: Float32Array<ArrayBuffer>; labels: number[] } {
  const noise = new Float32Array(classes.length * seeds.length * pixels);
  const columns = seeds.map((seed) => imageNoise(seed, pixels));
  classes.forEach((_, row) =>
    columns.forEach((column, i) => noise.set(column, (row * seeds.length + i) * pixels))
  );
  return { noise, labels: classes.flatMap((label) => seeds.map(() => label)) };
}

function compileVelocity(
  device: Device,
  model: Model,
  options: VelocityOptions,
): Promise<Program> {
  const { fn, inputs } = velocityFunction(model, options);
  const weights = tensorSpecs(model.params);
  return compile(device, fn, { ...addPrefix(weights, "weights"), ...inputs });
}
