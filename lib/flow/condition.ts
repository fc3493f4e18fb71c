import * as tf from "@tensorflow/tfjs-core";
import type { Model, ModelInputs, TextInputs } from "../models/mod.ts";
import { takePrefix } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";

/** What a picture should show, in the form that a model takes: a label, encoded prompts, or nothing. */
export type Condition = Pick<ModelInputs, "label" | "text">;

/**
 * The condition among named tensors: `label`, or `text.pooled`, `text.tokens`, `text.mask` and `text.keep`.
 * What the model does not take is left out.
 */
export function conditionOf(
  model: Pick<Model, "classes" | "text">,
  inputs: TensorRecord,
  prefix = "text",
): Condition {
  const { label } = inputs;
  return {
    ...(label && model.classes > 0 && { label }),
    ...(model.text && { text: takePrefix(inputs, prefix) as unknown as TextInputs }),
  };
}

/** Two batches of encoded prompts, one after the other. */
export function concatText(first: TextInputs, second: TextInputs): TextInputs {
  const names = Object.keys(first) as (keyof TextInputs)[];
  const both = names.map((name) => [name, tf.concat([first[name]!, second[name]!])]);
  return Object.fromEntries(both) as TextInputs;
}
