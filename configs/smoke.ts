/*
 * deno task train smoke
 *
 * Everything the trainer does, in seconds: for tests, and to see whether a machine is set up.
 * The pictures are noise.
 */
import { extendConfig } from "@course/training/config.ts";
import { base } from "./base.ts";

export default extendConfig(base, {
  name: "smoke",
  about: { what: "a few steps of a very small model", minutes: 0.2, result: "noise" },
  data: { size: 200 },
  model: { kind: "dit", preset: "nano", width: 32, depth: 1, heads: 2, conditioningWidth: 32 },
  steps: 20,
  batchSize: 8,
  ema: { decay: 0.9 },
  every: { log: 1, heldout: 10, samples: 10, checkpoint: 4 },
  heldout: { images: 32, bins: 4 },
  sampling: { sampler: "euler", steps: 2, perClass: 1 },
  evaluation: { samples: 0 },
});
