import type { Exercise } from "../../exercise.ts";
import { classAccuracyExercise } from "./class_accuracy.ts";
import { classDiversityExercise } from "./class_diversity.ts";
import { dropLabelsExercise } from "./drop_labels.ts";
import { guideExercise } from "./guide.ts";
import { guidedVelocityExercise } from "./guided_velocity.ts";
import { limitScaleExercise } from "./limit_scale.ts";

/** The exercises of notebook 03, class guidance. */
export const CLASS_GUIDANCE: readonly Exercise[] = [
  dropLabelsExercise,
  guideExercise,
  guidedVelocityExercise,
  classAccuracyExercise,
  classDiversityExercise,
  limitScaleExercise,
];
