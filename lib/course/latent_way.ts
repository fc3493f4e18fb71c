import { compile, type Device } from "../engine/mod.ts";
import { solve, timeGrid } from "../flow/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import type { Model } from "../models/mod.ts";
import { addPrefix } from "../nn/mod.ts";
import type { PromptEncoder } from "../text/prompt_encoder.ts";
import { float32, type HostRecord, type HostTensor, sizeOf } from "../tensors.ts";
import { samplingOf, type TrainConfig } from "../training/config.ts";
import { textTensors } from "../training/examples.ts";
import { imageNoise } from "../training/image_sampler.ts";
import { encodeAll } from "../training/prompt_sampler.ts";
import { velocityFunction } from "../training/velocity_function.ts";

/** Where the latents of some prompts are at a noise level. */
export interface WayPoint {
  t: number;
  /** `[N, h, w, c]`. */
  latents: HostTensor;
}

/** What to draw; sampler, steps and guidance as in the model's config by default. */
export interface WayRequest {
  prompts: readonly string[];
  seeds: readonly number[];
  steps?: number;
  guidance?: number;
}

/**
 * The way of a text model from noise to latents: the noise first, then where each step leads. The same noise for the
 * same seed as everywhere, so the last point is what the library's sampler draws.
 */
export async function latentWay(
  device: Device,
  { model, weights, config }: { model: Model; weights: HostRecord; config: TrainConfig },
  encoder: PromptEncoder,
  { prompts, seeds, ...how }: WayRequest,
): Promise<WayPoint[]> {
  const { sampler, steps, guidance, shift } = { ...samplingOf(config), ...how };
  const { prediction } = config.objective, count = prompts.length;
  const size = sizeOf(model.imageShape), shape = [count, ...model.imageShape];
  const { fn, inputs } = velocityFunction(model, { count, guided: true, prediction });
  const program = await compile(device, fn, inputs, { constants: addPrefix(weights, "weights") });
  try {
    const text = await encodeAll(encoder, prompts);
    const nothing = { keep: new Float32Array(count), prefix: "negative" };
    const fixed = {
      ...textTensors(text),
      ...textTensors(text, nothing),
      scale: float32([], [guidance]),
    };
    const noise = new Float32Array(count * size);
    seeds.forEach((seed, i) => noise.set(imageNoise(seed, size), i * size));
    const way: WayPoint[] = [{ t: 1, latents: float32(shape, noise.slice()) }];
    await solve(
      async (x, t) => {
        const level = float32([count], new Float32Array(count).fill(t));
        return (await program.run({ ...fixed, x: float32(shape, x), t: level })).velocity!.data;
      },
      noise,
      {
        sampler,
        grid: timeGrid(steps, { shift }),
        eulerLast: prediction === "data",
        signal: interruptSignal(),
        onStep: ({ t, x }) => way.push({ t, latents: float32(shape, x.slice()) }),
      },
    );
    return way;
  } finally {
    await program.dispose();
  }
}
