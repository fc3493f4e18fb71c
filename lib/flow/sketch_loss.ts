import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../models/mod.ts";
import type { TensorRecord } from "../tensors.ts";
import { conditionOf } from "./condition.ts";

/**
 * A loss and, for a model that sketches, the weight times how far its sketches are from the pictures of their prompts:
 * the mean squared error of x0. The sketch is drawn once for both.
 *
 * Noise has no part in that error, so every example says in full what its prompt looks like. With a weight of 0 the
 * sketch learns from the loss alone, through the network, and its picture stays what it was. Throws a RangeError if the
 * weight is above 0 and the model does not sketch.
 */
export function withSketchLoss<Rest extends unknown[]>(
  loss: (params: TensorRecord, batch: TensorRecord, ...rest: Rest) => tf.Scalar,
  model: Model,
  weight: number,
): typeof loss {
  const { sketch } = model;
  if (!sketch) {
    if (weight === 0) return loss;
    throw new RangeError(
      `${model.name} has no sketch that could learn: set objective.sketchWeight=0, or model.sketch above 0`,
    );
  }
  return (params, batch, ...rest) => {
    const drawn = sketch.draw(params, conditionOf(model, batch).text!);
    const error = tf.mean(tf.square(tf.sub(sketch.picture(params, drawn), batch.x0!)));
    const flow = loss(params, { ...batch, sketch: drawn }, ...rest);
    return tf.add(flow, tf.mul(error, weight)) as tf.Scalar;
  };
}
