import type * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../models/mod.ts";
import type { ParamSpecs } from "../../nn/mod.ts";
import type { HostRecord, SpecRecord, TensorRecord } from "../../tensors.ts";
import type { PredictionOptions } from "../objective.ts";
import { selfFlowFull } from "./full.ts";
import { selfFlowLite } from "./lite.ts";
import type { SelfFlowOptions } from "./options.ts";
import type { LevelDraws } from "./token_levels.ts";

/** An objective that asks more of tokens than their velocity: both kinds of Self-Flow look like this. */
export interface SelfFlow {
  /** Parameters of the head that reads the tokens; only training needs them. */
  params: ParamSpecs;
  /** Whether the loss needs the moving average of the model's parameters. */
  teacher: boolean;
  /** Shapes of what takes the place of t in a batch of B images. */
  batch(batchSize: number): SpecRecord;
  /** Draws it. */
  draw(draws: Omit<LevelDraws, "tokens">): HostRecord;
  /** The loss of a batch, a scalar. */
  loss(inputs: {
    params: TensorRecord;
    auxiliary: TensorRecord;
    batch: TensorRecord;
    /** Average of the params, for a teacher. */
    average: TensorRecord;
  }): tf.Scalar;
}

/** Builds the objective that the options describe; throws a TypeError for a model without tokens. */
export function selfFlow(
  model: Model,
  options: SelfFlowOptions,
  prediction: PredictionOptions = {},
): SelfFlow {
  return options.kind === "lite"
    ? selfFlowLite(model, options, prediction)
    : selfFlowFull(model, options, prediction);
}
