/** The one trainer: configs, the training loop, checkpoints that a killed run goes on from, and reports. */
export { adamw, type AdamWOptions } from "./optimizers.ts";
export { muon, type MuonOptions } from "./muon.ts";
export { type ConfigChanges, extendConfig, type TrainConfig } from "./config.ts";
export { applySettings, checkConfig } from "./settings.ts";
export { configNames, loadConfig } from "./config_files.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
export { emaDecayAt, emaHalfLife, emaWarning } from "./ema.ts";
export {
  type FedBatch,
  type Feed,
  type FeedPosition,
  type HeldoutLoss,
  type ModelFacts,
  type SampleSet,
  type TrainTask,
} from "./task.ts";
export { type AnyTask, createTask } from "./create_task.ts";
export { createTextTask, type TextTask } from "./text_task.ts";
export { openTextData, type TextData, type TextDataOptions } from "./text_data.ts";
export { keepTexts, textFeed, weightsAt } from "./text_feed.ts";
export { type OpenPromptModel, openPromptModel } from "./prompt_model.ts";
export { type PromptGrid, samplePrompts, type TrainedModel } from "./sample_prompts.ts";
export {
  createPromptSampler,
  encodeAll,
  type Pictures,
  type PromptModel,
  type PromptRequest,
  type PromptSampler,
} from "./prompt_sampler.ts";
export { type Examples, textExamples, type TextRows, textTensors } from "./examples.ts";
export { createFlowTask, type FlowTask, loadImages } from "./flow_task.ts";
export { flowBatchSpec, flowFeed } from "./flow_feed.ts";
export { createLossMeasure, type DatasetLoss, type LossMeasure } from "./heldout.ts";
export {
  createImageSampler,
  gridNoise,
  imageNoise,
  type ImageSampler,
  type SampleRequest,
} from "./image_sampler.ts";
export { train, type TrainOptions, type TrainResult, type TrainWatcher } from "./train.ts";
export { DivergedError } from "./divergence.ts";
export { createProgress, type Progress } from "./progress.ts";
export {
  type Checkpoint,
  listCheckpoints,
  loadCheckpoint,
  loadNewestCheckpoint,
} from "./checkpoint.ts";
export { createRun, newestRun, openRun, type RunFolder } from "./run_folder.ts";
export { modelFor, modelOf, weightsOf } from "./trained_model.ts";
export { loadShipped, type Shipped, type ShippedCard, shippedNames } from "./shipped.ts";
export { type FinishOptions, finishRun } from "./finish.ts";
export type { Chapter, Judge, Judged, Judgement, Report, ReportRow } from "./report.ts";
export {
  type ContrastiveTask,
  createContrastiveTask,
  type TextTrainConfig,
} from "./contrastive_task.ts";
