import type { TrainConfig } from "@course/training/config.ts";

/** What all configs start from: a small diffusion transformer on generated digits. */
export const base: TrainConfig = {
  name: "base",
  about: { what: "the start of other configs", minutes: 0, result: "none" },
  data: { name: "digits", size: -1, seed: 0 },
  model: { kind: "dit", preset: "tiny" },
  objective: {
    noiseLevels: "logit-normal",
    logitMean: 0,
    logitStd: 1,
    shift: 1,
    prediction: "data",
    conditionDropout: 0.1,
  },
  optimizer: { lr: 4e-3, betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 },
  schedule: { kind: "cosine", warmup: 0.05, final: 0 },
  steps: 3600,
  batchSize: 32,
  accumulate: 1,
  ema: { decay: 0.995 },
  seed: 0,
  every: { log: 10, heldout: 300, samples: 300, checkpoint: 300 },
  keep: { last: 2, best: 1 },
  heldout: { images: 512, bins: 8 },
  sampling: { sampler: "heun", steps: 12, guidance: 1.75, perClass: 8 },
  evaluation: { samples: 1000 },
  device: "cpu",
};
