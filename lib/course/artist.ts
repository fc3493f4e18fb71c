import type { ImageBatch } from "../display/mod.ts";
import { compile, type Device, type Program } from "../engine/mod.ts";
import { conditionOf } from "../flow/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import type { LatentCodec } from "../latents/mod.ts";
import { textSpec } from "../models/mod.ts";
import { addPrefix, takePrefix } from "../nn/mod.ts";
import { float32, sizeOf } from "../tensors.ts";
import type { PromptEncoder } from "../text/mod.ts";
import { samplingOf } from "../training/config.ts";
import { textTensors } from "../training/examples.ts";
import { imageNoise } from "../training/image_sampler.ts";
import { openPromptModel } from "../training/prompt_model.ts";
import { createPromptSampler, decodedShape, encodeAll } from "../training/prompt_sampler.ts";
import type { TrainedModel } from "../training/sample_prompts.ts";
import { velocityFunction } from "../training/velocity_function.ts";

/** What to draw. */
export interface ArtRequest {
  /** One for each picture. */
  prompts: readonly string[];
  /** Seed of each picture's noise; 0, 1, 2, … by default. */
  seeds?: readonly number[];
  /** What the pictures should not show. */
  negative?: string;
  /** Guidance scale; as in the model's config by default. */
  guidance?: number;
  steps?: number;
}

/** A trained model that draws what it is told, with its text encoder and its decoder at hand. */
export interface Artist {
  encoder: PromptEncoder;
  /** Absent for a model of pixels. */
  codec: LatentCodec | undefined;
  /** Pictures, one for each prompt. The notebook's stop button ends it. */
  draw(request: ArtRequest): Promise<ImageBatch & { data: Float32Array<ArrayBuffer> }>;
  /**
   * What the model answers for one noisy picture and several prompts: x_t `[h, w, c]` and t → a velocity for each
   * prompt, `[prompts, h, w, c]`, without guidance.
   */
  answer(
    noisy: Float32Array<ArrayBuffer>,
    t: number,
    prompts: readonly string[],
  ): Promise<Float32Array<ArrayBuffer>>;
  /**
   * What the model makes of prompts alone, without noise: a picture for each. Throws a RangeError if the model does
   * not sketch.
   */
  sketch(prompts: readonly string[]): Promise<ImageBatch>;
  /** The noise of a seed, `[h, w, c]`, as `draw` starts from. */
  noise(seed: number): Float32Array<ArrayBuffer>;
  dispose(): Promise<void>;
}

/** Pictures that are drawn at once, each of them twice where it is guided. */
const CHUNK = 16;

/** Opens a trained model with text for drawing: one that comes with the course, or one of a training cell. */
export async function openArtist(device: Device, trained: TrainedModel): Promise<Artist> {
  const { model, weights, config } = trained, { prediction } = config.objective;
  const opened = await openPromptModel(device, trained);
  const sampler = createPromptSampler(device, opened, { count: CHUNK, prediction });
  const numbers = sizeOf(model.imageShape);
  const programs = new Map<number, Promise<Program>>();

  /** The program that answers for that many prompts at once. */
  function programFor(count: number): Promise<Program> {
    let found = programs.get(count);
    if (!found) {
      const { fn, inputs } = velocityFunction(model, { prediction, count, guided: false });
      found = compile(device, fn, inputs, { constants: addPrefix(weights, "weights") });
      programs.set(count, found);
    }
    return found;
  }

  return {
    encoder: opened.encoder,
    codec: opened.codec,
    async draw({ prompts, seeds = prompts.map((_, i) => i), ...how }) {
      const { images, count, shape: [height, width, channels] } = await sampler.draw(weights, {
        ...samplingOf(config),
        ...how,
        prompts,
        seeds,
        signal: interruptSignal(),
      });
      return { data: images, count, height, width, channels };
    },
    async answer(noisy, t, prompts) {
      const count = prompts.length, x = new Float32Array(count * numbers);
      for (let i = 0; i < count; i++) x.set(noisy, i * numbers);
      const program = await programFor(count);
      const { velocity } = await program.run({
        x: float32([count, ...model.imageShape], x),
        t: float32([count], new Float32Array(count).fill(t)),
        ...textTensors(await encodeAll(opened.encoder, prompts)),
      });
      return new Float32Array(velocity!.data);
    },
    async sketch(prompts) {
      const { sketch, text, imageShape } = model, count = prompts.length;
      if (!sketch) {
        throw new RangeError(`${model.name} does not sketch: expected model.sketch above 0`);
      }
      const program = await compile(
        device,
        (inputs) => {
          const params = takePrefix(inputs, "weights");
          const drawn = sketch.draw(params, conditionOf(model, inputs).text!);
          return { picture: sketch.picture(params, drawn) };
        },
        addPrefix(textSpec(text!, count), "text"),
        { constants: addPrefix(weights, "weights") },
      );
      const { picture } = await program.run(textTensors(await encodeAll(opened.encoder, prompts)));
      await program.dispose();
      const numbers = new Float32Array(picture!.data), { codec } = opened;
      const data = codec ? await codec.decode(numbers, imageShape) : numbers;
      const [height, width, channels] = decodedShape(imageShape, data.length / count);
      return { data, count, height, width, channels };
    },
    noise: (seed) => imageNoise(seed, numbers),
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
      await Promise.all([sampler.dispose(), opened.dispose()]);
    },
  };
}
