/*
 * deno task train selfflow-lite
 *
 * The default run with Self-Flow-lite: tokens take one of three noise levels of their image (a level for each,
 * levels=-1, takes longer), a quarter of them is hidden, and a head in the middle guesses the clean image.
 * Not yet measured; compare it with the default: deno task compare digits selfflow-lite --seeds 5
 *
 * For pictures: deno task train latent --set objective.selfFlow.kind=lite --set objective.selfFlow.levels=3
 */
import { extendConfig } from "@course/training/config.ts";
import digits from "./digits.ts";

export default extendConfig(digits, {
  name: "selfflow-lite",
  about: { what: "the default run with Self-Flow-lite", minutes: 6, result: "not yet measured" },
  objective: { selfFlow: { kind: "lite", levels: 3 } },
});
