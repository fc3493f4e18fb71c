/*
 * deno task train digits-velocity
 *
 * The model's output is read as the velocity instead of the data, all else as in the default run.
 * As long as the default; see docs/experiments/digits.md for what it is worth.
 */
import { extendConfig } from "@course/training/config.ts";
import digits from "./digits.ts";

export default extendConfig(digits, {
  name: "digits-velocity",
  about: { what: "the model of the default run predicts the velocity itself" },
  objective: { prediction: "velocity" },
  optimizer: { lr: 2e-3 },
});
