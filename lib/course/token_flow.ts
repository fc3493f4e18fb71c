import * as tf from "@tensorflow/tfjs-core";
import { createBatches, type Dataset } from "../data/mod.ts";
import type { Device } from "../engine/mod.ts";
import { fit } from "../evaluation/fit.ts";
import { interpolate, tokensOf, velocity } from "../flow/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import { buildModel, patchify } from "../models/mod.ts";
import { initialise, linear, linearSpecs } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, int32 } from "../tensors.ts";
import { openTokenLook, type TokenLook } from "./token_look.ts";
import { drawTokenLevels, HIDDEN, levelsOf, type TokenRecipe } from "./token_levels.ts";

/** The parts that learners write: exercises 6.1, 6.2 and 6.3. */
export interface TokenParts {
  spreadLevels(levels: tf.Tensor, patch: number, height: number, width: number): tf.Tensor;
  hideTokens(
    own: tf.Tensor,
    chance: tf.Tensor,
    share: number,
    level: number,
  ): { t: tf.Tensor; masked: tf.Tensor };
  maskedLoss(guess: tf.Tensor, clean: tf.Tensor, masked: tf.Tensor): tf.Tensor;
}

/** What a short training ends with: the model's weights, and those of the head that reads the middle. */
export interface TrainedTokens {
  recipe: TokenRecipe;
  seed: number;
  weights: HostRecord;
  head: HostRecord;
}

/** A small transformer that can be trained with a noise level per token. */
export interface TokenFlow extends TokenLook {
  patch: number;
  /** Tokens of a picture. */
  tokens: number;
  train(
    recipe: TokenRecipe,
    options: { seed: number; steps: number; onStep?: (step: number, loss: number) => void },
  ): Promise<TrainedTokens>;
}

/** Pictures that are learned from at once. */
const BATCH = 32;
const MODEL = { width: 64, depth: 4, heads: 4, patch: 4, relativeBias: true }, LAYER = 2;

/** Opens it for labelled pictures: with those it learns from, and those kept aside. */
export async function openTokenFlow(
  device: Device,
  data: { train: Dataset; heldout: Dataset },
  parts: TokenParts,
): Promise<TokenFlow> {
  const shape = data.train.shape, [height, width] = shape;
  const classes = data.train.classes.length;
  const model = buildModel({ kind: "dit", imageShape: shape, classes, ...MODEL });
  const { patch, count } = tokensOf(model);
  const headSpecs = linearSpecs("head", MODEL.width, patch * patch * shape[2]);
  const pictures = { shape: [BATCH, ...shape], dtype: "float32" } as const;
  const perToken = { shape: [BATCH, count], dtype: "float32" } as const;
  const spec = { x0: pictures, x1: pictures, label: { shape: [BATCH], dtype: "int32" } } as const;

  async function train(
    recipe: TokenRecipe,
    { seed, steps, onStep }: Parameters<TokenFlow["train"]>[1],
  ): Promise<TrainedTokens> {
    const batches = createBatches(data.train, { batchSize: BATCH, seed });
    const noise = forkRandom(seed, "noise"), levels = levelsOf(seed);
    const head = initialise(headSpecs, forkRandom(seed, "initial head"));
    const trained = await fit(device, {
      params: {
        ...initialise(model.params, forkRandom(seed, "initial parameters")),
        // Without a weight nothing is asked of the head, and nothing could be learned.
        ...(recipe.weight > 0 && head),
      },
      batch: { ...spec, own: perToken, chance: perToken },
      loss(params, batch) {
        const { t, masked } = parts.hideTokens(batch.own!, batch.chance!, recipe.share, HIDDEN);
        const level = parts.spreadLevels(t, patch, height, width);
        const x = interpolate(batch.x0!, batch.x1!, level);
        const inputs = { x, t, label: batch.label! };
        const { output, tokens } = model.tokens!.withTokens(params, inputs, LAYER);
        const error = tf.mean(tf.square(tf.sub(output, velocity(batch.x0!, batch.x1!))));
        if (recipe.weight === 0) return error as tf.Scalar;
        const guess = linear(params, "head", tokens);
        const aside = parts.maskedLoss(guess, patchify(batch.x0!, patch), masked);
        return tf.add(error, tf.mul(recipe.weight, aside)) as tf.Scalar;
      },
      next() {
        const { images, labels } = batches.next();
        return {
          x0: float32(pictures.shape, images),
          x1: float32(pictures.shape, normals(noise, images.length)),
          label: int32([BATCH], labels),
          ...drawTokenLevels(recipe, { batch: BATCH, tokens: count, ...levels }),
        };
      },
    }, {
      steps,
      batchSize: BATCH,
      learningRate: 2e-3,
      warmup: Math.ceil(steps / 20),
      weightDecay: 0.01,
      emaDecay: 0.98,
    }, { signal: interruptSignal(), ...(onStep && { onStep }) });
    const isHead = ([name]: [string, unknown]) => name in head;
    const all = Object.entries(trained);
    return {
      recipe,
      seed,
      weights: Object.fromEntries(all.filter((one) => !isHead(one))),
      head: { ...head, ...Object.fromEntries(all.filter(isHead)) },
    };
  }

  const look = await openTokenLook(device, { model, head: headSpecs, layer: LAYER }, {
    pictures: data.heldout,
    spreadLevels: parts.spreadLevels,
  });
  return { patch, tokens: count, train, ...look };
}
