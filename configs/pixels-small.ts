/*
 * deno task train pixels-small
 *
 * The other half: the same pictures, captions, order, tokens, steps and minutes as `latent-small`, but the model sees
 * pixels, 8×8 of them in a token.
 */
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import latentSmall from "./latent-small.ts";

const { latents: _, ...inPixels } = extendConfig(latentSmall, {
  name: "pixels-small",
  about: {
    what: "a transformer of 2.6 M parameters learns to draw what captions say, in pixels",
    minutes: 3,
    result: "see docs/experiments/latent.md",
  },
  model: { kind: "dit", width: 128, depth: 4, heads: 8, patch: 8, relativeBias: true, sketch: 16 },
  // A token of 192 numbers does not fit through a width of 128 as noise, but as data it does (Li & He 2025).
  objective: { prediction: "data" },
});

export default inPixels satisfies TrainConfig;
