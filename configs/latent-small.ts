/*
 * deno task train latent-small
 *
 * A model of 2.5 M parameters in a few minutes: one half of the comparison of latents with pixels in notebook 05.
 */
import { extendConfig } from "@course/training/config.ts";
import latent from "./latent.ts";

export default extendConfig(latent, {
  name: "latent-small",
  about: {
    what: "a transformer of 2.5 M parameters learns to draw what captions say, in latents",
    minutes: 3,
    result: "see docs/experiments/latent.md",
  },
  data: { size: 15_000 },
  model: { kind: "dit", width: 128, depth: 4, heads: 8, patch: 2, relativeBias: true, sketch: 16 },
  // In so few steps it learns single things; scenes only so far that they do not surprise it.
  curriculum: [{ from: 0, nouns: 0.3, attributes: 0.5, scenes: 0.2 }],
  steps: 1200,
  ema: { decay: 0.993 },
  evaluation: { samples: 320 },
});
