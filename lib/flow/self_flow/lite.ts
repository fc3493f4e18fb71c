import * as tf from "@tensorflow/tfjs-core";
import { type Model, patchify } from "../../models/mod.ts";
import { linear, linearSpecs } from "../../nn/mod.ts";
import { flowProblem, type PredictionOptions, tokensOf } from "../objective.ts";
import type { SelfFlow } from "./objective.ts";
import { liteOptions, type SelfFlowLite } from "./options.ts";
import { liteLevels, liteLevelSpec } from "./token_levels.ts";

/**
 * Self-Flow-lite (the recipe of monet-flow-tiny): L = mean((v̂ − v)²) + weight · mean((x̂0 − x0)²), where x̂0 is what
 * a linear head reads from the tokens after a block in the middle; the second mean runs over all tokens, or over the
 * hidden ones where there are any.
 */
export function selfFlowLite(
  model: Model,
  options: SelfFlowLite,
  prediction: PredictionOptions = {},
): SelfFlow {
  const { patch, count, width, depth } = tokensOf(model);
  const settings = liteOptions(options, depth);
  const { layer, reconstruct, weight } = settings;
  const head = linearSpecs("head", width, patch * patch * model.imageShape[2]);

  return {
    params: head,
    teacher: false,
    batch: (batchSize) => liteLevelSpec(settings, batchSize, count),
    draw: (draws) => liteLevels(settings, { ...draws, tokens: count }),
    loss({ params, auxiliary, batch }) {
      const { inputs, errorOf } = flowProblem(model, batch, prediction);
      const { output, tokens } = model.tokens!.withTokens(params, inputs, layer);
      const guess = linear(auxiliary, "head", tokens);
      const errors = tf.mean(tf.square(tf.sub(guess, patchify(batch.x0!, patch))), 2);
      const clean = reconstruct === "all" ? tf.mean(errors) : meanWhere(errors, batch.masked!);
      return tf.add(tf.mean(errorOf(output)), tf.mul(clean, weight));
    },
  };
}

/** Mean of the values whose mark is 1; of all of them if there is no mark. */
function meanWhere(values: tf.Tensor, marks: tf.Tensor): tf.Tensor {
  const none = tf.sub(1, tf.minimum(tf.sum(marks), 1));
  const counted = tf.add(marks, none);
  return tf.div(tf.sum(tf.mul(values, counted)), tf.sum(counted));
}
