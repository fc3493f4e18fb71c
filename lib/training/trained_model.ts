import { buildModel, type Model, type ModelConfig } from "../models/mod.ts";
import type { HostRecord } from "../tensors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import { otherModel } from "./resume.ts";
import { type ModelFacts, shapesOf, withoutAuxiliary } from "./task.ts";

/** The model that a config describes, for images of that shape and classes. */
export function modelFor(
  config: Pick<TrainConfig, "model">,
  { imageShape, classes, text }: Pick<ModelFacts, "imageShape" | "classes" | "text">,
): Model {
  const { kind } = config.model;
  if (kind !== "dit" && kind !== "unet") {
    throw new RangeError(`A model of kind ${kind} draws nothing: expected a dit or a unet`);
  }
  return buildModel({
    ...config.model,
    imageShape,
    classes: classes.length,
    ...(text && { text: { length: text.length, width: text.width } }),
  } as ModelConfig);
}

/** The model of a checkpoint; throws a sentence if the checkpoint is of another model than the config describes. */
export function modelOf(
  config: Pick<TrainConfig, "model">,
  { path, info }: Pick<Checkpoint, "path" | "info">,
): Model {
  const model = modelFor(config, info.model);
  const other = otherModel(withoutAuxiliary(info.shapes), shapesOf(model.params));
  if (!other) return model;
  throw new RangeError(
    `Cannot use ${path}: it is of another model (${info.model.name}; ${other}), not of ${model.name}`,
  );
}

/** The weights of a checkpoint: the moving average, or the parameters as they were trained last. */
export function weightsOf({ path, state }: Checkpoint, which: "ema" | "params"): HostRecord {
  const found = Object.entries(state.tensors).filter(([name]) => name.startsWith(`${which}/`));
  if (found.length === 0) {
    throw new RangeError(`${path} holds no moving average: its run was made with ema.decay 0`);
  }
  return withoutAuxiliary(
    Object.fromEntries(found.map(([name, tensor]) => [name.slice(which.length + 1), tensor])),
  );
}
