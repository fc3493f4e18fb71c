import { compile, type Device, type Program } from "../../engine/mod.ts";
import { conditionOf, LEAST_DIVISOR } from "../../flow/mod.ts";
import { nullClass } from "../../models/mod.ts";
import { addPrefix, takePrefix } from "../../nn/mod.ts";
import { float32, type HostRecord, int32, sizeOf } from "../../tensors.ts";
import type { EncodedText } from "../../text/prompt_encoder.ts";
import { samplingOf } from "../../training/config.ts";
import { gatherText, textTensors } from "../../training/examples.ts";
import { flowBatchSpec } from "../../training/flow_feed.ts";
import { createImageSampler, imageNoise } from "../../training/image_sampler.ts";
import { openPromptModel } from "../../training/prompt_model.ts";
import { encodeAll } from "../../training/prompt_sampler.ts";
import type { TrainedModel } from "../../training/sample_prompts.ts";

/** The number that asks for nothing: the null class, or the null text. */
export const NOTHING = -1;

/** A trained model that can be asked for a few things by number, whatever kind of wishes it takes. */
export interface AskedModel {
  /** What it can be asked for: names of classes, or prompts; one empty wish for a model that takes none. */
  wishes: string[];
  /** Numbers of one x. */
  size: number;
  /** Draws one picture for each wish, from the noise of its seed: as the model sees it, `[N, h, w, c]`. */
  draw(wishes: readonly number[], seeds: readonly number[]): Promise<Float32Array<ArrayBuffer>>;
  /** Pictures that people can look at, of what was drawn. */
  show(
    drawn: Float32Array<ArrayBuffer>,
  ): Promise<{ images: Float32Array; shape: readonly number[] }>;
  /** What the network says of N noisy x, told N noise levels and wishes: its output, and the velocity that this is. */
  ask(
    x: readonly Float32Array[],
    levels: readonly number[],
    wishes: readonly number[],
  ): Promise<{ outputs: Float32Array[]; velocities: Float32Array[] }>;
  dispose(): Promise<void>;
}

/** Inputs that run at once. */
const CHUNK = 32;

/** Opens a trained model to be asked for the given prompts, or for the classes that it knows. */
export async function openAskedModel(
  device: Device,
  trained: TrainedModel,
  prompts: readonly string[],
): Promise<AskedModel> {
  const { model, config, facts, weights } = trained;
  const { prediction } = config.objective, size = sizeOf(model.imageShape);
  const opened = model.text ? await openPromptModel(device, trained) : undefined;
  const text = opened && await encodeAll(opened.encoder, prompts);
  const wishes = opened ? [...prompts] : facts.classes.length > 0 ? [...facts.classes] : [""];
  const sampler = createImageSampler(device, model, { prediction, count: CHUNK });
  let compiled: Promise<Program> | undefined;

  return {
    wishes,
    size,
    async draw(asked, seeds) {
      const noise = new Float32Array(asked.length * size);
      seeds.forEach((seed, i) => noise.set(imageNoise(seed, size), i * size));
      return await sampler.draw(weights, {
        ...samplingOf(config),
        noise,
        labels: asked,
        ...(text && { text: gatherText(text, asked) }),
      });
    },
    async show(drawn) {
      const count = drawn.length / size, [height, width] = model.imageShape;
      if (!opened?.codec) return { images: drawn, shape: model.imageShape };
      const images = await opened.codec.decode(drawn, model.imageShape);
      const factor = Math.sqrt(images.length / (3 * count * height * width));
      return { images, shape: [height * factor, width * factor, 3] };
    },
    async ask(x, levels, asked) {
      const program = await (compiled ??= compileOutput(device, trained));
      const outputs: Float32Array[] = [];
      for (let from = 0; from < x.length; from += CHUNK) {
        // Filled up with the last one: programs have fixed shapes.
        const places = Array.from({ length: CHUNK }, (_, i) => Math.min(from + i, x.length - 1));
        const values = new Float32Array(CHUNK * size);
        places.forEach((place, i) => values.set(x[place]!, i * size));
        const { output } = await program.run({
          x: float32([CHUNK, ...model.imageShape], values),
          t: float32([CHUNK], places.map((place) => levels[place]!)),
          ...condition(trained, text, places.map((place) => asked[place]!)),
        });
        const here = Math.min(CHUNK, x.length - from);
        for (let i = 0; i < here; i++) {
          outputs.push(output!.data.slice(i * size, (i + 1) * size) as Float32Array);
        }
      }
      const velocities = prediction === "velocity" ? outputs : outputs.map((output, i) => {
        const divisor = Math.max(levels[i]!, LEAST_DIVISOR);
        return output.map((data, place) => (x[i]![place]! - data) / divisor);
      });
      return { outputs, velocities };
    },
    async dispose() {
      await Promise.all([
        sampler.dispose(),
        opened?.dispose(),
        compiled?.then((program) => program.dispose()),
      ]);
    },
  };
}

/** The network itself: x, t and a condition → its output. */
function compileOutput(device: Device, { model, weights }: TrainedModel): Promise<Program> {
  const { x1: x, t, label, ...others } = flowBatchSpec(
    model.imageShape,
    CHUNK,
    model.classes,
    model.text,
  );
  const { x0: _, ...texts } = others;
  return compile(
    device,
    (inputs) => {
      const params = takePrefix(inputs, "weights");
      const asked = { x: inputs.x!, t: inputs.t!, ...conditionOf(model, inputs) };
      return { output: model.apply(params, asked) };
    },
    { x: x!, t: t!, ...(label && { label }), ...texts },
    { constants: addPrefix(weights, "weights") },
  );
}

/** What each row is asked for; {@linkcode NOTHING} is the null class or text. */
function condition(
  { model }: TrainedModel,
  text: EncodedText | undefined,
  asked: readonly number[],
): HostRecord {
  if (text) {
    const keep = Float32Array.from(asked, (wish) => wish === NOTHING ? 0 : 1);
    return textTensors(gatherText(text, asked), { keep });
  }
  if (model.classes === 0) return {};
  const labels = asked.map((wish) => wish === NOTHING ? nullClass(model) : wish);
  return { label: int32([asked.length], labels) };
}
