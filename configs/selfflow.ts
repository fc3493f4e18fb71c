/*
 * deno task train selfflow
 *
 * The default run with Self-Flow: two noise levels per image, and a layer that learns to say what a deeper layer of
 * the model's own moving average says of the cleaner image.
 * Not yet measured; compare it with the default: deno task compare digits selfflow --seeds 5
 *
 * For pictures: deno task train latent --set objective.selfFlow.kind=full
 */
import { extendConfig } from "@course/training/config.ts";
import digits from "./digits.ts";

export default extendConfig(digits, {
  name: "selfflow",
  about: { what: "the default run with Self-Flow", minutes: 8, result: "not yet measured" },
  objective: { selfFlow: { kind: "full" } },
});
