/*
 * deno task train vae
 *
 * An autoencoder learns to pack pictures into latents a quarter as high and wide, and to unpack them.
 * Numbers, and what else was tried: docs/experiments/vae.md.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "vae",
  about: {
    what: "an autoencoder learns to pack pictures into latents and to unpack them",
    minutes: 5,
    result: "see docs/experiments/vae.md",
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
