/*
 * deno task train vae-refine
 *
 * Goes on from an autoencoder (`model.start`) that `deno task train vae` made, and learns images of 32 pixels as well.
 * 2,500 steps of about 50 ms on two idle cores; 29.4 dB at 64 pixels, 26.7 dB at 32: the shipped `pictures`.
 * docs/experiments/vae.md has more.
 */
import { extendConfig } from "@course/training/config.ts";
import vae from "./vae.ts";

export default extendConfig(vae, {
  name: "vae-refine",
  about: {
    what: "an autoencoder becomes sharper, and learns images of half the size",
    result: "29 dB at 64 pixels, 27 dB at 32",
  },
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
