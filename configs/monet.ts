/*
 * deno task train monet --set data.folder=FOLDER
 *
 * The size of the reference system: latents of 32×16×16 (512×512 pixels behind a 32-fold autoencoder), one text
 * vector of 512 numbers, a transformer of width 512 and depth 8, batches of 2 × 64. Prepare the folder with
 * `deno task data prepare monet`, or with random numbers by `deno task data prepare synthetic`.
 * Meant for a GPU: docs/experiments/monet.md has the measured speed here and what a full run would take.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "monet",
  about: {
    what: "a transformer of the reference system's size learns from prepared MONET latents",
    minutes: 60_000,
    result: "not run to its end here",
  },
  data: { name: "shards" },
  model: {
    kind: "dit",
    width: 512,
    depth: 8,
    heads: 8,
    patch: 1,
    conditioningWidth: 512,
    crossAttention: false,
  },
  text: { encoder: "clip" },
  objective: { prediction: "velocity" },
  optimizer: { lr: 1e-4, weightDecay: 0.05 },
  schedule: { warmup: 0.01 },
  steps: 100_000,
  batchSize: 64,
  accumulate: 2,
  ema: { decay: 0.9995 },
  every: { log: 25, heldout: 1000, samples: 2500, checkpoint: 2500 },
  sampling: { sampler: "euler", steps: 32, guidance: 3 },
  evaluation: { samples: 0 },
});
