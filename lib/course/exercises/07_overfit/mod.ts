import type { Exercise } from "../../exercise.ts";
import { brokenLinksExercise } from "./broken_links.ts";
import { exactVelocityExercise } from "./exact_velocity.ts";
import { firstSuspectExercise } from "./first_suspect.ts";
import { lossByLevelExercise } from "./loss_by_level.ts";
import { learnedShareExercise } from "./learned_share.ts";
import { nearestExampleExercise } from "./nearest_example.ts";
import { relativeChangeExercise } from "./relative_change.ts";

/** The exercises of notebook 07, the overfit diagnostic. */
export const OVERFIT: readonly Exercise[] = [
  nearestExampleExercise,
  exactVelocityExercise,
  relativeChangeExercise,
  lossByLevelExercise,
  learnedShareExercise,
  brokenLinksExercise,
  firstSuspectExercise,
];
