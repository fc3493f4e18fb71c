import type { Exercise } from "../../exercise.ts";
import { toPixelsExercise } from "./to_pixels.ts";

/** The exercise of notebook 00. */
export const START_HERE: readonly Exercise[] = [toPixelsExercise];
