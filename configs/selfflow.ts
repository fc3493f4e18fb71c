/*
 * deno task train selfflow
 *
 * `latent-small` with Self-Flow: two noise levels per picture, and a layer that learns to say what a deeper layer of
 * the model's own moving average says of the cleaner picture.
 * Compared with its twin: deno task compare latent-small selfflow --seeds 5, docs/experiments/selfflow.md.
 */
import { extendConfig } from "@course/training/config.ts";
import latentSmall from "./latent-small.ts";

export default extendConfig(latentSmall, {
  name: "selfflow",
  about: {
    what: "latent-small with Self-Flow",
    minutes: 4,
    result: "see docs/experiments/selfflow.md",
  },
  objective: { selfFlow: { kind: "full" } },
});
