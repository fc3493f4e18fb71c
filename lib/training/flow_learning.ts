import { flowLoss, type SelfFlow, selfFlow, withSketchLoss } from "../flow/mod.ts";
import type { Model } from "../models/mod.ts";
import { addPrefix, initialise, takePrefix } from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import type { HostRecord, TensorRecord } from "../tensors.ts";
import type { TrainConfig } from "./config.ts";
import { flowBatchSpec } from "./flow_feed.ts";
import { AUXILIARY, type TrainTask } from "./task.ts";

/** How a model learns a flow: the part of a task that its objective decides. */
export interface FlowLearning extends Pick<TrainTask, "params" | "batch" | "loss" | "teacher"> {
  /** The model's own parameters before training. */
  initial: HostRecord;
  /** Absent where images have one noise level. */
  selfFlow: SelfFlow | undefined;
}

/** The objective that a config describes. The model begins alike whatever its objective. */
export function flowLearning(
  model: Model,
  { objective, seed, batchSize, ema }: Pick<
    TrainConfig,
    "objective" | "seed" | "batchSize" | "ema"
  >,
): FlowLearning {
  const prediction = { prediction: objective.prediction };
  const initial = initialise(model.params, forkRandom(seed, "initial parameters"));
  const batch = flowBatchSpec(model.imageShape, batchSize, model.classes, model.text);
  const { sketchWeight = 0 } = objective;
  if (!objective.selfFlow) {
    const loss = withSketchLoss(flowLoss(model, prediction), model, sketchWeight);
    return { initial, params: initial, batch, loss, selfFlow: undefined };
  }
  const extra = selfFlow(model, objective.selfFlow, prediction);
  if (extra.teacher && ema.decay === 0) {
    throw new RangeError(
      "Self-Flow's teacher is the moving average of the parameters: set ema.decay above 0",
    );
  }
  const head = initialise(extra.params, forkRandom(seed, "initial head"));
  return {
    initial,
    params: { ...initial, ...addPrefix(head, AUXILIARY) },
    batch: { ...batch, ...extra.batch(batchSize) },
    teacher: extra.teacher,
    selfFlow: extra,
    loss: withSketchLoss(
      (params, batch, average: TensorRecord) =>
        extra.loss({ params, auxiliary: takePrefix(params, AUXILIARY), batch, average }),
      model,
      sketchWeight,
    ),
  };
}
