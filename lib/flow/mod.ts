/** Flow matching: the path between data and noise, what is learned on it, and how it is followed back. */
export {
  dataFromVelocity,
  interpolate,
  LEAST_DIVISOR,
  noiseFromVelocity,
  velocity,
  velocityFromData,
} from "./path.ts";
export {
  noiseLevelDensity,
  type NoiseLevelDistribution,
  type NoiseLevelOptions,
  sampleNoiseLevels,
  shiftNoiseLevel,
} from "./noise_levels.ts";
export {
  dropLabels,
  type FlowBatch,
  flowErrors,
  flowLoss,
  flowProblem,
  flowTokenErrors,
  modelVelocity,
  type Prediction,
  type PredictionOptions,
  tokensOf,
} from "./objective.ts";
export { concatText, type Condition, conditionOf } from "./condition.ts";
export { withSketchLoss } from "./sketch_loss.ts";
export { guide, type GuidedInputs, guidedVelocity } from "./guidance.ts";
export * from "./self_flow/mod.ts";
export * from "./sampling/mod.ts";
