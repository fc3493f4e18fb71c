import type { Exercise } from "../../exercise.ts";
import { eulerStepExercise } from "./euler_step.ts";
import { flowLossExercise } from "./flow_loss.ts";
import { heunStepExercise } from "./heun_step.ts";
import { interpolateExercise } from "./interpolate.ts";
import { timeEmbeddingExercise } from "./time_embedding.ts";
import { velocityTargetExercise } from "./velocity_target.ts";

/** The exercises of notebook 01, flow matching. */
export const FLOW_MATCHING: readonly Exercise[] = [
  interpolateExercise,
  velocityTargetExercise,
  flowLossExercise,
  timeEmbeddingExercise,
  eulerStepExercise,
  heunStepExercise,
];
