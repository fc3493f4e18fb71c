/*
 * deno task train vae-refine
 *
 * Goes on from an autoencoder (`model.start`) that `deno task train vae` made, and learns images of 32 pixels as well.
 * Numbers: docs/experiments/vae.md.
 */
import { extendConfig } from "@course/training/config.ts";
import vae from "./vae.ts";

export default extendConfig(vae, {
  name: "vae-refine",
  about: { what: "an autoencoder becomes sharper, and learns images of half the size" },
  model: {
    kind: "vae",
    width: 32,
    klWeight: 3e-4,
    scaleWeight: 0.1,
    halfWeight: 0.25,
    start: "pictures-first",
  },
  data: { size: 24_000 },
  optimizer: { lr: 2e-3 },
  steps: 2500,
  seed: 1,
});
