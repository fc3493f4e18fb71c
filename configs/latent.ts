/*
 * deno task train latent
 *
 * Text to image: a transformer learns to draw what captions say, in the latents of an autoencoder. The pictures are
 * encoded first (a minute or two, once). About 27 minutes on 2 busy cores; backgrounds and colours as asked, half of the
 * nouns. All numbers, and how the recipe came about: docs/experiments/latent.md.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "latent",
  about: {
    what: "a transformer of 3.6 M parameters learns to draw what captions say, in latents",
    minutes: 25,
    result: "backgrounds right in 100 %, colours in 93 %, nouns in 47 % of samples",
  },
  data: { name: "pictures", size: 45_000, imageSize: 64 },
  // Things may lie anywhere: attention that knows offsets need not learn every place anew.
  model: { kind: "dit", width: 160, depth: 6, heads: 8, patch: 2, relativeBias: true },
  text: { encoder: "tower" },
  latents: { codec: "vae" },
  curriculum: [
    // A pinch of what comes later from the start: the network must not meet it unprepared.
    { from: 0, nouns: 0.75, attributes: 0.15, scenes: 0.1 },
    { from: 0.15, nouns: 0.3, attributes: 0.5, scenes: 0.2 },
    { from: 0.35, nouns: 0.15, attributes: 0.3, scenes: 0.55 },
  ],
  // More examples near noise: which thing it shall be is decided there.
  objective: { prediction: "velocity", shift: 2 },
  optimizer: { lr: 2e-3 },
  steps: 7000,
  ema: { decay: 0.998 },
  every: { heldout: 500, samples: 1000, checkpoint: 500 },
  heldout: { images: 510 },
  sampling: { sampler: "heun", steps: 15, guidance: 3, perClass: 6 },
  evaluation: { samples: 640 },
});
