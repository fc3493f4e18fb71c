import type * as tf from "@tensorflow/tfjs-core";
import { compile, type Device, type Program } from "../engine/mod.ts";
import { modelVelocity, type Sampler, solve, timeGrid, type VelocityField } from "../flow/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import { type Model, nullClass } from "../models/mod.ts";
import { addPrefix, takePrefix } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, type HostTensor, int32, sizeOf } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "../training/config.ts";

/** A velocity field that takes labels `[B]`: x `[B, …]`, t `[B]` → `[B, …]`. */
export type LabelField = (x: tf.Tensor, t: tf.Tensor, labels: tf.Tensor) => tf.Tensor;

/** What learners write in exercise 3.3. */
export type GuidedVelocity = (
  field: LabelField,
  x: tf.Tensor,
  t: tf.Tensor,
  labels: tf.Tensor,
  nullClass: number,
  scale: tf.Tensor,
) => tf.Tensor;

/** What to draw. */
export interface GuidedRequest {
  labels: readonly number[];
  /** Guidance scale of all images, or of each. */
  scale: number | readonly number[];
  /** Standard normal numbers `[N, H, W, C]`. */
  noise: Float32Array<ArrayBuffer>;
  /** As in the model's config by default. */
  sampler?: Sampler;
  steps?: number;
}

/** A trained model that draws with a learner's own guidance. */
export interface GuidedSampler {
  /** Images `[N, H, W, C]`, one for each label. The notebook's stop button ends it. */
  draw(request: GuidedRequest): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** Images that run through the model at once at most, each of them twice. */
const CHUNK = 50;

/**
 * Makes a sampler of a trained model and a learner's function. Both are compiled to one program when pictures are
 * first drawn, which then runs as fast as the library's own.
 *
 * `limit`, where it is given, says which scale counts at a noise level: t and scale `[B]` → `[B]`.
 */
export function openGuidedSampler(
  device: Device,
  { model, weights, config }: { model: Model; weights: HostRecord; config: TrainConfig },
  guided: GuidedVelocity,
  limit: (t: tf.Tensor, scale: tf.Tensor) => tf.Tensor = (_, scale) => scale,
): GuidedSampler {
  const { prediction } = config.objective;
  const velocity = modelVelocity(model, { prediction });
  const constants = addPrefix(weights, "weights"), pixels = sizeOf(model.imageShape);
  const programs = new Map<number, Promise<Program>>();

  /** The program for that many images at once. */
  function programFor(chunk: number): Promise<Program> {
    const found = programs.get(chunk);
    if (found) return found;
    const numbers = { shape: [chunk], dtype: "float32" } as const;
    const inputs = {
      x: { shape: [chunk, ...model.imageShape], dtype: "float32" } as const,
      t: numbers,
      label: { shape: [chunk], dtype: "int32" } as const,
      scale: numbers,
    };
    const program = compile(
      device,
      ({ x, t, label, scale, ...others }) => {
        const params = takePrefix(others, "weights");
        const field: LabelField = (x, t, label) => velocity(params, { x, t, label });
        return { v: guided(field, x!, t!, label!, nullClass(model), limit(t!, scale!)) };
      },
      inputs,
      { constants },
    );
    programs.set(chunk, program);
    return program;
  }

  return {
    async draw({ labels, scale, noise, ...how }) {
      const count = labels.length, signal = interruptSignal();
      checkCounts(count, scale, noise.length / pixels);
      const { sampler, steps, shift } = { ...samplingOf(config), ...how };
      const scales = typeof scale === "number" ? new Array<number>(count).fill(scale) : scale;
      const chunk = Math.ceil(count / Math.ceil(count / CHUNK));
      const program = await programFor(chunk);
      const images = new Float32Array(count * pixels);
      for (let start = 0; start < count; start += chunk) {
        // The last chunk is filled up, since programs have fixed shapes.
        const part = (all: readonly number[], rest: number) =>
          Array.from({ length: chunk }, (_, i) => all[start + i] ?? rest);
        const fixed = {
          label: int32([chunk], part(labels, 0)),
          scale: float32([chunk], part(scales, 1)),
        };
        const field: VelocityField = async (x, t) => {
          const level = float32([chunk], new Float32Array(chunk).fill(t));
          const inputs = { ...fixed, x: float32([chunk, ...model.imageShape], x), t: level };
          return (await program.run(inputs)).v!.data;
        };
        const x1 = new Float32Array(chunk * pixels);
        x1.set(noise.subarray(start * pixels, (start + chunk) * pixels));
        const grid = timeGrid(steps, { shift }), eulerLast = prediction === "data";
        const x0 = await solve(field, x1, { sampler, grid, eulerLast, signal });
        images.set(x0.subarray(0, (count - start) * pixels), start * pixels);
      }
      return float32([count, ...model.imageShape], images);
    },
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
    },
  };
}

/** Noise of `count` images that belongs to a seed: the same for every scale and model. */
export function noiseOf(model: Model, count: number, seed = 0): Float32Array<ArrayBuffer> {
  return normals(forkRandom(seed, "evaluated samples"), count * sizeOf(model.imageShape));
}

function checkCounts(count: number, scale: number | readonly number[], noises: number): void {
  if (noises !== count) {
    throw new RangeError(`Cannot draw ${count} labels from the noise of ${noises} images`);
  }
  if (typeof scale !== "number" && scale.length !== count) {
    throw new RangeError(`There are ${scale.length} guidance scales for ${count} labels`);
  }
}
