import type { Exercise } from "../../exercise.ts";
import { alignmentStepExercise } from "./alignment_step.ts";
import { hideTokensExercise } from "./hide_tokens.ts";
import { maskedLossExercise } from "./masked_loss.ts";
import { pairedIntervalExercise } from "./paired_interval.ts";
import { spreadLevelsExercise } from "./spread_levels.ts";
import { twoLevelsExercise } from "./two_levels.ts";

/** The exercises of notebook 06, Self-Flow-lite. */
export const SELF_FLOW: readonly Exercise[] = [
  spreadLevelsExercise,
  hideTokensExercise,
  maskedLossExercise,
  twoLevelsExercise,
  alignmentStepExercise,
  pairedIntervalExercise,
];
