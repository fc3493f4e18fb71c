import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../models/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditionOf } from "./condition.ts";

/**
 * How far sketches are from the pictures of their prompts: the mean squared error of x0, over a batch.
 *
 * Noise has no part in it, so that every example says in full what its prompt looks like. Throws a RangeError if the
 * model does not sketch.
 */
export function sketchLoss(
  model: Model,
): (params: TensorRecord, batch: TensorRecord) => tf.Scalar {
  const { sketch } = model;
  if (!sketch) {
    throw new RangeError(
      `${model.name} has no sketch that could learn: set objective.sketchWeight=0, or model.sketch above 0`,
    );
  }
  return (params, batch) => {
    const drawn = sketch(params, conditionOf(model, batch).text!);
    return tf.mean(tf.square(tf.sub(drawn, batch.x0!)));
  };
}

/**
 * A loss and, for a model that sketches, {@linkcode sketchLoss} times the weight. With a weight of 0 the sketch learns
 * from the loss alone, through the network, and its picture stays what it was.
 */
export function withSketchLoss<Rest extends unknown[]>(
  loss: (params: TensorRecord, batch: TensorRecord, ...rest: Rest) => tf.Scalar,
  model: Model,
  weight: number,
): typeof loss {
  if (weight === 0 && !model.sketch) return loss;
  const also = sketchLoss(model);
  return (params, batch, ...rest) =>
    tf.add(loss(params, batch, ...rest), tf.mul(also(params, batch), weight)) as tf.Scalar;
}
