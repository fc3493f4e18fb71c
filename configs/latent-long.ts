/*
 * deno task train latent-long
 *
 * The same as `latent`, with a larger model and four times as many steps: for a night, or a GPU. Not run to its end
 * here; docs/experiments/latent.md says how the default grows with its steps.
 */
import { extendConfig } from "@course/training/config.ts";
import latent from "./latent.ts";

export default extendConfig(latent, {
  name: "latent-long",
  about: {
    what: "a transformer of 10.9 M parameters learns to draw what captions say, for longer",
    minutes: 170,
    result: "not measured",
  },
  data: { size: 400_000 },
  model: { kind: "dit", width: 256, depth: 6, heads: 8, patch: 2, relativeBias: true, sketch: 32 },
  optimizer: { lr: 1.5e-3 },
  steps: 24_000,
  ema: { decay: 0.9995 },
  every: { heldout: 1000, samples: 2000, checkpoint: 1000 },
});
