/** Samples judged by numbers: what a small classifier reads, distances between distributions, copies. */
export { classDiversity } from "./diversity.ts";
export {
  evaluateSamples,
  type Evaluation,
  type Evaluator,
  type EvaluatorOptions,
  openEvaluator,
  type Samples,
} from "./evaluate.ts";
export { fitGaussian, frechetDistance, type Gaussian } from "./frechet.ts";
export { kernelDistance } from "./mmd.ts";
export {
  type Memorisation,
  memorisation,
  nearestNeighbours,
  type Neighbours,
} from "./neighbours.ts";
export {
  type ClassifierCard,
  type ClassifierWeights,
  decodeClassifier,
  encodeClassifier,
  loadClassifier,
} from "./classifier_weights.ts";
export { type ImageReader, openImageReader, type Reading } from "./read_images.ts";
export {
  type ClassifierRecipe,
  RECIPE,
  testClassifier,
  trainClassifier,
} from "./train_classifier.ts";
export {
  type Spread,
  spreadOf,
  sweepGuidance,
  type SweepOptions,
  type SweepPoint,
} from "./sweep.ts";
export { describeEvaluation } from "./describe.ts";
export { probeEncoder, type ProbeOptions, type ProbeResult } from "./text_probe.ts";
