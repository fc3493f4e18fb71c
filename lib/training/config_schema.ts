import * as v from "valibot";
import { DATASETS } from "../data/mod.ts";
import { STAGES } from "../data/pictures/facts.ts";
import { DEVICE_NAMES } from "../engine/mod.ts";
import { SAMPLERS } from "../flow/mod.ts";
import { DIT_PRESETS } from "../models/mod.ts";

/*
 * What every setting may be. Each leaf's message is the phrase that follows "expected".
 */

const above0 = number("a number above 0", (x) => x > 0);
const from0 = number("a number from 0", (x) => x >= 0);
const anyNumber = number("a number", () => true);
const count = number("a whole number from 1", (x) => Number.isSafeInteger(x) && x >= 1);
const countFrom0 = number("a whole number from 0", (x) => Number.isSafeInteger(x) && x >= 0);
const every = number(
  "a whole number from 1, or -1 for never",
  (x) => Number.isSafeInteger(x) && (x >= 1 || x === -1),
);
const share = number("a number from 0 to 1", (x) => x >= 0 && x <= 1);
const below1 = number("a number from 0, below 1", (x) => x >= 0 && x < 1);
const seed = number(
  "a whole number from 0 to 4294967295",
  (x) => Number.isSafeInteger(x) && x >= 0 && x < 2 ** 32,
);
const text = v.string("a text");
const flag = v.boolean("true or false");
const named = v.custom<string>(
  (x) => typeof x === "string" && /^[\w.-]+$/.test(x),
  "letters, digits, dots and dashes",
);

const timeScale = v.exactOptional(above0);
const model = v.variant("kind", [
  v.strictObject({
    kind: v.literal("dit"),
    preset: v.exactOptional(choice(keys(DIT_PRESETS))),
    width: v.exactOptional(count),
    depth: v.exactOptional(count),
    heads: v.exactOptional(count),
    patch: v.exactOptional(count),
    mlpRatio: v.exactOptional(above0),
    conditioningWidth: v.exactOptional(count),
    gates: v.exactOptional(flag),
    zeroInit: v.exactOptional(flag),
    crossAttention: v.exactOptional(flag),
    relativeBias: v.exactOptional(flag),
    sketch: v.exactOptional(countFrom0),
    timeScale,
  }),
  v.strictObject({
    kind: v.literal("unet"),
    width: v.exactOptional(count),
    groups: v.exactOptional(count),
    timeScale,
  }),
  v.strictObject({
    kind: v.literal("vae"),
    latentChannels: v.exactOptional(count),
    width: v.exactOptional(count),
    encoderBlocks: v.exactOptional(count),
    decoderBlocks: v.exactOptional(count),
    groups: v.exactOptional(count),
    klWeight: v.exactOptional(from0),
    edgeWeight: v.exactOptional(from0),
    scaleWeight: v.exactOptional(from0),
    halfWeight: v.exactOptional(from0),
    start: v.exactOptional(text),
  }),
  v.strictObject({
    kind: v.literal("text-tower"),
    width: v.exactOptional(count),
    depth: v.exactOptional(count),
    heads: v.exactOptional(count),
    imageWidth: v.exactOptional(count),
    factsWeight: v.exactOptional(from0),
  }),
], "one of dit, unet, vae, text-tower");

const selfFlow = v.variant("kind", [
  v.strictObject({
    kind: v.literal("lite"),
    levels: v.exactOptional(
      number(
        "a whole number from 1, or -1 for one per token",
        (x) => Number.isSafeInteger(x) && (x >= 1 || x === -1),
      ),
    ),
    maskShare: v.exactOptional(share),
    maskLevel: v.exactOptional(share),
    layer: v.exactOptional(count),
    reconstruct: v.exactOptional(choice(["all", "masked"])),
    weight: v.exactOptional(from0),
  }),
  v.strictObject({
    kind: v.literal("full"),
    maskShare: v.exactOptional(share),
    studentLayer: v.exactOptional(count),
    teacherLayer: v.exactOptional(count),
    weight: v.exactOptional(from0),
  }),
], "one of lite, full");

const phase = v.strictObject({ from: below1, nouns: from0, attributes: from0, scenes: from0 });

/** The schema of a training config; its output is a `TrainConfig`. */
export const CONFIG_SCHEMA = v.strictObject({
  name: named,
  about: v.strictObject({ what: text, minutes: from0, result: text }),
  data: v.strictObject({
    name: choice([...Object.keys(DATASETS), "shards"]),
    size: every,
    seed,
    folder: v.exactOptional(text),
    imageSize: v.exactOptional(count),
    stage: v.exactOptional(choice(STAGES)),
    damaged: v.exactOptional(choice(["refuse", "skip"])),
  }),
  model,
  text: v.exactOptional(v.strictObject({ encoder: text })),
  latents: v.exactOptional(
    v.strictObject({ codec: text, scalingFactor: v.exactOptional(above0) }),
  ),
  curriculum: v.exactOptional(v.array(phase, "a list of phases")),
  objective: v.strictObject({
    noiseLevels: choice(["uniform", "logit-normal"]),
    logitMean: anyNumber,
    logitStd: above0,
    shift: above0,
    prediction: choice(["velocity", "data"]),
    conditionDropout: share,
    sketchWeight: v.exactOptional(from0),
    selfFlow: v.exactOptional(selfFlow),
  }),
  optimizer: v.strictObject({
    kind: v.exactOptional(choice(["adamw", "muon"])),
    lr: above0,
    betas: v.strictTuple([below1, below1], "two numbers, such as 0.9,0.999"),
    epsilon: above0,
    weightDecay: from0,
    clipNorm: number("a number above 0, or -1 for no clipping", (x) => x > 0 || x === -1),
  }),
  schedule: v.strictObject({ kind: choice(["cosine", "constant"]), warmup: below1, final: share }),
  steps: count,
  batchSize: count,
  accumulate: count,
  ema: v.strictObject({ decay: below1 }),
  seed,
  every: v.strictObject({ log: every, heldout: every, samples: every, checkpoint: every }),
  keep: v.strictObject({ last: count, best: countFrom0 }),
  heldout: v.strictObject({ images: count, bins: count }),
  sampling: v.strictObject({
    sampler: choice(keys(SAMPLERS)),
    steps: count,
    guidance: from0,
    shift: v.exactOptional(above0),
    perClass: count,
    prompts: v.exactOptional(v.array(text, "a list of texts")),
  }),
  evaluation: v.strictObject({ samples: countFrom0 }),
  device: choice(DEVICE_NAMES),
});

function number(expected: string, valid: (x: number) => boolean) {
  return v.custom<number>(
    (x) => typeof x === "number" && Number.isFinite(x) && valid(x),
    expected,
  );
}

function choice<const T extends readonly string[]>(names: T) {
  return v.picklist(names, `one of ${names.join(", ")}`);
}

function keys<T extends object>(record: T) {
  return Object.keys(record) as (keyof T & string)[];
}
