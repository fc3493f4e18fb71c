/*
 * deno task train digits-unet
 *
 * A small convolutional U-Net instead of the transformer, the model of notebook 01: its output is the velocity itself.
 * About 6 minutes on 2 cores; docs/experiments/unet.md has its numbers and how the recipe came about.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "digits-unet",
  about: {
    what: "a U-Net of 0.46 M parameters learns to draw generated digits",
    minutes: 6,
    result: "class accuracy of samples about 0.99",
  },
  model: { kind: "unet", width: 32 },
  objective: { prediction: "velocity", shift: 2 },
  optimizer: { lr: 3e-3 },
  steps: 2000,
  every: { heldout: 250, samples: 250, checkpoint: 250 },
  sampling: { sampler: "euler", steps: 16, guidance: 1.5, shift: 1 },
});
