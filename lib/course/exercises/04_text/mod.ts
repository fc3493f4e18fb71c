import type { Exercise } from "../../exercise.ts";
import { contrastiveLossExercise } from "./contrastive_loss.ts";
import { crossAttentionExercise } from "./cross_attention.ts";
import { dropTextExercise } from "./drop_text.ts";
import { poolTokensExercise } from "./pool_tokens.ts";
import { promptSensitivityExercise } from "./prompt_sensitivity.ts";
import { tokeniseExercise } from "./tokenise.ts";

/** The exercises of notebook 04, text conditioning. */
export const TEXT_CONDITIONING: readonly Exercise[] = [
  tokeniseExercise,
  poolTokensExercise,
  contrastiveLossExercise,
  crossAttentionExercise,
  dropTextExercise,
  promptSensitivityExercise,
];
