import { compile, type Device, type Program } from "../engine/mod.ts";
import { solve, timeGrid } from "../flow/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import { addPrefix } from "../nn/mod.ts";
import { float32, type HostTensor, sizeOf } from "../tensors.ts";
import { samplingOf } from "../training/config.ts";
import { gatherText, textTensors } from "../training/examples.ts";
import { imageNoise } from "../training/image_sampler.ts";
import { openPromptModel } from "../training/prompt_model.ts";
import { encodeAll } from "../training/prompt_sampler.ts";
import type { TrainedModel } from "../training/sample_prompts.ts";
import { velocityFunction } from "../training/velocity_function.ts";

/** What to draw. */
export interface LatentRequest {
  prompts: readonly string[];
  /** Standard normal numbers `[N, h, w, c]`, as `noise` gives them; or x_t, where `from` says which t. */
  noise: HostTensor;
  /** Noise level at which the way begins, 1 by default. */
  from?: number;
  /** Guidance scale; as in the model's config by default. */
  guidance?: number;
  steps?: number;
  /** Hears where the latents are after every step, with the noise level reached. */
  onStep?: (t: number, latents: HostTensor) => void;
}

/** A trained model that draws what it is told and stops before the decoder: what it draws are latents. */
export interface LatentArtist {
  /** Scaled latents `[N, h, w, c]`, or pixels from a model of pixels. The notebook's stop button ends it. */
  draw(request: LatentRequest): Promise<HostTensor>;
  /** The noise of some seeds, `[N, h, w, c]`: the same for a seed as everywhere in the course. */
  noise(seeds: readonly number[]): HostTensor;
  dispose(): Promise<void>;
}

/** Latents that are drawn at once, each of them twice for guidance. */
const CHUNK = 16;

/** Opens a trained model with text for drawing latents: one that comes with the course, or one of a training cell. */
export async function openLatentArtist(
  device: Device,
  trained: TrainedModel,
): Promise<LatentArtist> {
  const { model, weights, config } = trained, { prediction } = config.objective;
  const { encoder, dispose } = await openPromptModel(device, trained);
  const size = sizeOf(model.imageShape), constants = addPrefix(weights, "weights");
  const programs = new Map<number, Promise<Program>>();

  function programFor(count: number): Promise<Program> {
    let found = programs.get(count);
    if (!found) {
      const { fn, inputs } = velocityFunction(model, { count, guided: true, prediction });
      found = compile(device, fn, inputs, { constants });
      programs.set(count, found);
    }
    return found;
  }

  return {
    async draw({ prompts, noise, from = 1, onStep, ...how }) {
      const { sampler, steps, guidance, shift } = { ...samplingOf(config), ...how };
      const count = prompts.length, signal = interruptSignal();
      if (noise.data.length !== count * size) {
        throw new RangeError(
          `There are ${count} prompts and the noise of ${noise.data.length / size} latents: ` +
            "expected noise for each prompt",
        );
      }
      if (onStep && count > CHUNK) {
        throw new RangeError(`Cannot watch ${count} latents: expected ${CHUNK} at most`);
      }
      const text = await encodeAll(encoder, prompts), drawn = new Float32Array(count * size);
      for (let start = 0; start < count; start += CHUNK) {
        const here = Math.min(CHUNK, count - start), shape = [here, ...model.imageShape];
        const part = gatherText(text, Array.from({ length: here }, (_, i) => start + i));
        const fixed = {
          ...textTensors(part),
          ...textTensors(part, { keep: new Float32Array(here), prefix: "negative" }),
          scale: float32([], [guidance]),
        };
        const program = await programFor(here);
        const latents = await solve(
          async (x, t) => {
            const level = float32([here], new Float32Array(here).fill(t));
            const { velocity } = await program.run({ ...fixed, x: float32(shape, x), t: level });
            return velocity!.data;
          },
          (noise.data as Float32Array<ArrayBuffer>).slice(start * size, (start + here) * size),
          {
            sampler,
            grid: timeGrid(steps, { shift }).map((t) => from * t),
            eulerLast: prediction === "data",
            signal,
            ...(onStep && { onStep: ({ t, x }) => onStep(t, float32(shape, x.slice())) }),
          },
        );
        drawn.set(latents, start * size);
      }
      return float32([count, ...model.imageShape], drawn);
    },
    noise(seeds) {
      const numbers = new Float32Array(seeds.length * size);
      seeds.forEach((seed, i) => numbers.set(imageNoise(seed, size), i * size));
      return float32([seeds.length, ...model.imageShape], numbers);
    },
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
      await dispose();
    },
  };
}
