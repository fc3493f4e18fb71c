/*
 * deno task train selfflow-lite
 *
 * `latent-small` with Self-Flow-lite: tokens take one of three noise levels of their image (a level for each,
 * levels=-1, takes longer), a quarter of them is hidden, and a head in the middle guesses the clean latent.
 * Compared with its twin: deno task compare latent-small selfflow-lite --seeds 5, docs/experiments/selfflow.md.
 *
 * Any other run takes it too: deno task train digits --set objective.selfFlow.kind=lite
 */
import { extendConfig } from "@course/training/config.ts";
import latentSmall from "./latent-small.ts";

export default extendConfig(latentSmall, {
  name: "selfflow-lite",
  about: {
    what: "latent-small with Self-Flow-lite",
    minutes: 3,
    result: "see docs/experiments/selfflow.md",
  },
  objective: { selfFlow: { kind: "lite", levels: 3 } },
});
