import * as tf from "@tensorflow/tfjs-core";
import { batchOf, type Dataset } from "../data/mod.ts";
import { compile, type Device } from "../engine/mod.ts";
import { flowTokenErrors, interpolate, tokensOf } from "../flow/mod.ts";
import { type Model, unpatchify } from "../models/mod.ts";
import { addPrefix, linear, type ParamSpecs, takePrefix, tensorSpecs } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, type HostTensor, int32, type SpecRecord } from "../tensors.ts";
import { meanOf } from "./numbers.ts";
import type { TokenParts, TrainedTokens } from "./token_flow.ts";
import { drawTokenLevels, evenLevels, HIDDEN, levelsOf, type TokenRecipe } from "./token_levels.ts";

/** Noisy digits, and what a model says is under the noise; all `[B, H, W, C]`. */
export interface Revealed {
  clean: HostTensor;
  noisy: HostTensor;
  /** Noise level of every pixel, `[B, H, W, 1]`. */
  levels: HostTensor;
  /** The guess of the head in the middle of the model. */
  guess: HostTensor;
  /** What the velocity at the model's end amounts to. */
  fromVelocity: HostTensor;
}

/** What trained tokens can be looked at with; everything uses the same pictures and noise each time. */
export interface TokenLook {
  /** The velocity's mean squared error on pictures kept aside, corrupted as a recipe does it; always the same noise. */
  measure(trained: TrainedTokens, corruption: TokenRecipe): Promise<number>;
  /** The same with one level per picture, by bins of it: the equal corruption that recipes are compared on. */
  measureBins(trained: TrainedTokens, bins: number): Promise<number[]>;
  /** What a trained model makes of the first pictures kept aside, with these levels `[B, N]`. */
  reveal(trained: TrainedTokens, levels: HostTensor): Promise<Revealed>;
  dispose(): Promise<void>;
}

/** Pictures at once, and how many are measured. */
const BATCH = 32, ASIDE = 256;

/** Compiles the measurements for a model whose head reads the tokens after a layer. */
export async function openTokenLook(
  device: Device,
  { model, head, layer }: { model: Model; head: ParamSpecs; layer: number },
  { pictures, spreadLevels }: { pictures: Dataset } & Pick<TokenParts, "spreadLevels">,
): Promise<TokenLook> {
  const { shape } = pictures, [height, width] = shape, { patch, count } = tokensOf(model);
  const images = [BATCH, ...shape];
  const specs = {
    ...addPrefix(tensorSpecs(model.params), "weights"),
    ...addPrefix(
      {
        x0: { shape: images, dtype: "float32" },
        x1: { shape: images, dtype: "float32" },
        label: { shape: [BATCH], dtype: "int32" },
        t: { shape: [BATCH, count], dtype: "float32" },
      } satisfies SpecRecord,
      "batch",
    ),
  };
  const tokenErrors = flowTokenErrors(model);
  const errors = await compile(device, (inputs) => ({
    errors: tf.mean(tokenErrors(takePrefix(inputs, "weights"), takePrefix(inputs, "batch")), 1),
  }), specs);
  const looks = await compile(device, (inputs) => {
    const { x0, x1, t, label } = takePrefix(inputs, "batch");
    const level = spreadLevels(t!, patch, height, width);
    const x = interpolate(x0!, x1!, level);
    const seen = model.tokens!.withTokens(
      takePrefix(inputs, "weights"),
      { x, t: t!, label: label! },
      layer,
    );
    return {
      noisy: x,
      levels: level,
      guess: unpatchify(linear(takePrefix(inputs, "heads"), "head", seen.tokens), patch, shape),
      fromVelocity: tf.sub(x, tf.mul(level, seen.output)),
    };
  }, { ...specs, ...addPrefix(tensorSpecs(head), "heads") });

  const aside = Math.min(ASIDE, pictures.size - pictures.size % BATCH);
  /** A batch of pictures kept aside from the `start`-th, with noise. */
  function batchAside(start: number, noise: ReturnType<typeof forkRandom>): HostRecord {
    const places = Array.from({ length: BATCH }, (_, i) => (start + i) % pictures.size);
    const { images: x0, labels } = batchOf(pictures, places);
    return {
      x0: float32(images, x0),
      x1: float32(images, normals(noise, x0.length)),
      label: int32([BATCH], labels),
    };
  }

  /** The error of each picture kept aside, with levels `[B, N]` for each batch. */
  async function errorsOf({ weights }: TrainedTokens, levels: (batch: number) => number[]) {
    const noise = forkRandom(0, "noise of pictures kept aside"), found: number[] = [];
    for (let start = 0; start < aside; start += BATCH) {
      const t = float32([BATCH, count], levels(start / BATCH));
      const batch = { ...batchAside(start, noise), t };
      const inputs = { ...addPrefix(weights, "weights"), ...addPrefix(batch, "batch") };
      found.push(...(await errors.run(inputs)).errors!.data);
    }
    return found;
  }

  return {
    async measure(trained, corruption) {
      const drawn = levelsOf(1234);
      const found = await errorsOf(trained, () => {
        const draws = { batch: BATCH, tokens: count, ...drawn };
        const { own, chance } = drawTokenLevels(corruption, draws);
        return Array.from(own.data, (t, i) => chance.data[i]! < corruption.share ? HIDDEN : t);
      });
      return meanOf(found);
    },
    async measureBins(trained, bins) {
      const levels = evenLevels(aside, bins);
      const found = await errorsOf(
        trained,
        (batch) =>
          Array.from(
            { length: BATCH * count },
            (_, i) => levels[batch * BATCH + Math.floor(i / count)]!,
          ),
      );
      return Array.from(
        { length: bins },
        (_, bin) => meanOf(found.filter((_, i) => i % bins === bin)),
      );
    },
    async reveal({ weights, head }, levels) {
      const shown = levels.shape[0]!, pixels = height * width;
      const t = new Float32Array(BATCH * count);
      t.set(levels.data as Float32Array);
      const batch = batchAside(0, forkRandom(5, "noise to look at"));
      const found = await looks.run({
        ...addPrefix(weights, "weights"),
        ...addPrefix(head, "heads"),
        ...addPrefix({ ...batch, t: float32([BATCH, count], t) }, "batch"),
      });
      const first = ({ data }: Pick<HostTensor, "data">) => {
        const channels = data.length / BATCH / pixels;
        const part = Float32Array.from(data.subarray(0, shown * pixels * channels));
        return float32([shown, height, width, channels], part);
      };
      return {
        clean: first(batch.x0!),
        noisy: first(found.noisy!),
        levels: first(found.levels!),
        guess: first(found.guess!),
        fromVelocity: first(found.fromVelocity!),
      };
    },
    async dispose() {
      await Promise.all([errors.dispose(), looks.dispose()]);
    },
  };
}
