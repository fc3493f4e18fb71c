import type { Exercise } from "../../exercise.ts";
import { attentionExercise } from "./attention.ts";
import { blockExercise } from "./block.ts";
import { modulateExercise } from "./modulate.ts";
import { patchifyExercise } from "./patchify.ts";
import { positionsExercise } from "./positions.ts";
import { unpatchifyExercise } from "./unpatchify.ts";

/** The exercises of notebook 02, the diffusion transformer. */
export const DIFFUSION_TRANSFORMER: readonly Exercise[] = [
  patchifyExercise,
  unpatchifyExercise,
  positionsExercise,
  attentionExercise,
  modulateExercise,
  blockExercise,
];
