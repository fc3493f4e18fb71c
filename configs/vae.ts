/*
 * deno task train vae
 *
 * An autoencoder learns to pack pictures into latents a quarter as high and wide, and to unpack them.
 * 3,000 steps of about 40 ms on two idle cores; 28.2 dB at 64 pixels. The shipped autoencoder goes on from there
 * (vae-refine). Numbers, and what was tried: docs/experiments/vae.md.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "vae",
  about: {
    what: "an autoencoder learns to pack pictures into latents and to unpack them",
    minutes: 3,
    result: "28 dB at 64 pixels",
  },
  data: { name: "pictures", size: 12_000, imageSize: 64 },
  model: { kind: "vae", width: 32, klWeight: 3e-4, scaleWeight: 0.25 },
  optimizer: { lr: 3e-3 },
  steps: 3000,
  batchSize: 8,
  ema: { decay: 0.99 },
  every: { log: 20, heldout: 500, samples: 500, checkpoint: 500 },
  heldout: { images: 256 },
});
