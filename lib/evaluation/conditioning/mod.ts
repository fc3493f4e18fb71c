/** Whether a model listens: to what it is asked for, and to the noise level. */
export { type AskedModel, NOTHING, openAskedModel } from "./asked_model.ts";
export { conditioningSentences, conditioningTable } from "./describe.ts";
export { type Pairwise, pairwise, rms, rmsDistance } from "./distances.ts";
export { conditioningGrid } from "./grid.ts";
export {
  type Conditioning,
  type ConditioningOptions,
  measureConditioning,
  type WishSensitivity,
} from "./measure.ts";
export { conditioningPage } from "./page.ts";
