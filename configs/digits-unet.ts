/*
 * deno task train digits-unet
 *
 * A convolutional U-Net instead of the transformer, all else equal: slower per step, quicker to learn strokes.
 * About 10 minutes on 2 cores, reckoned from its step time; not trained to the end yet.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "digits-unet",
  about: {
    what: "a U-Net of 1.8 M parameters learns to draw generated digits",
    minutes: 10,
    result: "not measured yet",
  },
  model: { kind: "unet" },
  optimizer: { lr: 1e-3 },
  steps: 1000,
  every: { heldout: 125, samples: 125, checkpoint: 125 },
  ema: { decay: 0.98 },
});
