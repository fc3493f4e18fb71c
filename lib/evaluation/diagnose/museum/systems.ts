import { batchOf, loadDataset } from "../../../data/mod.ts";
import type { Device } from "../../../engine/mod.ts";
import { dropLabels, guidedVelocity, solve } from "../../../flow/mod.ts";
import { type LatentCodec, openCodec } from "../../../latents/mod.ts";
import type { Model } from "../../../models/mod.ts";
import { createRandom, forkRandom, normals, shuffle } from "../../../random.ts";
import { float32, int32 } from "../../../tensors.ts";
import { openTextEncoder, type PromptEncoder } from "../../../text/mod.ts";
import { extendConfig, type TrainConfig } from "../../../training/config.ts";
import { flowLearning } from "../../../training/flow_learning.ts";
import { drawLevels, levelGenerators } from "../../../training/noise_level_feed.ts";
import { encodeAll } from "../../../training/prompt_sampler.ts";
import type { Feed, ModelFacts, TrainTask } from "../../../training/task.ts";
import { keepTexts } from "../../../training/text_feed.ts";
import { modelFor } from "../../../training/trained_model.ts";
import { datasetRows } from "../open_subject.ts";
import { conditionTensors, gatherX0, type Rows, type Subject } from "../subject.ts";

/** A small system to plant faults in. */
export interface System {
  name: SystemName;
  config: TrainConfig;
  facts: ModelFacts;
  rows: Rows;
  pictures: NonNullable<Subject["pictures"]>;
  codec?: LatentCodec | undefined;
  encoder?: PromptEncoder | undefined;
  dispose(): Promise<void>;
}

/** Digits by class, on pixels; or captioned pictures, in latents. */
export const SYSTEMS = ["digits", "latents"] as const;
export type SystemName = typeof SYSTEMS[number];

/** What both have in common: small enough that a run takes seconds, large enough to learn its examples. */
const CONFIG: TrainConfig = {
  name: "museum",
  about: { what: "a small model to plant faults in", minutes: 0.2, result: "its examples" },
  data: { name: "digits", size: 12, seed: 0 },
  model: { kind: "dit", width: 64, depth: 2, heads: 4, patch: 4 },
  objective: {
    noiseLevels: "uniform",
    logitMean: 0,
    logitStd: 1,
    shift: 1,
    prediction: "velocity",
    conditionDropout: 0.1,
  },
  optimizer: { lr: 3e-3, betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0, clipNorm: 1 },
  schedule: { kind: "cosine", warmup: 0.05, final: 0 },
  steps: 800,
  batchSize: 24,
  accumulate: 1,
  ema: { decay: 0.98 },
  seed: 0,
  every: { log: 5, heldout: -1, samples: -1, checkpoint: -1 },
  keep: { last: 1, best: 0 },
  heldout: { images: 8, bins: 2 },
  sampling: { sampler: "heun", steps: 12, guidance: 1, perClass: 1 },
  evaluation: { samples: 0 },
  device: "cpu",
};

/** Opens one of the systems, with a seed for data and training. */
export async function openSystem(device: Device, name: SystemName, seed = 0): Promise<System> {
  return name === "digits" ? await digits(seed) : await latents(device, seed);
}

async function digits(seed: number): Promise<System> {
  const config = extendConfig(CONFIG, {
    name: "museum-digits",
    seed,
    data: { seed },
    // Pixels are learned by heart much faster as data than as velocity.
    objective: { prediction: "data" },
  });
  const dataset = await loadDataset("digits", { size: config.data.size, seed });
  const { shape, classes } = dataset, rows = datasetRows(dataset, classes.length);
  const small = halved(rows.x0, shape[0]), side = shape[0] / 2 + 2;
  return {
    name: "digits",
    config,
    facts: { name: "dit", imageShape: [side, side, 1], classes },
    rows: { ...rows, x0: small, shape: [side, side, 1] },
    pictures: { images: rows.x0, shape },
    dispose: () => Promise.resolve(),
  };
}

/** Grey pictures at half the size, with a border of one black pixel: `[N, side, side]` → `[N, side / 2 + 2, …]`. */
function halved(images: Float32Array, side: number): Float32Array<ArrayBuffer> {
  const half = side / 2, wide = half + 2, count = images.length / side ** 2;
  const small = new Float32Array(count * wide ** 2).fill(-1);
  for (let place = 0; place < count * half ** 2; place++) {
    const image = Math.floor(place / half ** 2);
    const row = Math.floor(place / half) % half, column = place % half;
    const from = image * side ** 2 + 2 * row * side + 2 * column;
    const sum = images[from]! + images[from + 1]! + images[from + side]! + images[from + side + 1]!;
    small[image * wide ** 2 + (row + 1) * wide + column + 1] = sum / 4;
  }
  return small;
}

async function latents(device: Device, seed: number): Promise<System> {
  const config = extendConfig(CONFIG, {
    name: "museum-latents",
    seed,
    data: { name: "pictures", size: 24, imageSize: 32, stage: "nouns", seed },
    model: { kind: "dit", width: 64, depth: 2, heads: 4, patch: 2 },
    text: { encoder: "tower" },
    latents: { codec: "vae" },
    optimizer: { lr: 4e-3 },
    steps: 500,
    batchSize: 16,
  });
  const { size, imageSize, stage } = config.data;
  const dataset = await loadDataset("pictures", {
    size,
    seed,
    imageSize: imageSize!,
    stage: stage!,
  });
  const codec = await openCodec("vae", { device }), encoder = await openTextEncoder("tower");
  const { images } = batchOf(dataset, [...Array(dataset.size).keys()]);
  const shape = codec.latentShape(dataset.shape), captions = dataset.captions!;
  const text = { length: encoder.length, width: encoder.tokenWidth };
  return {
    name: "latents",
    config,
    facts: {
      name: "dit",
      imageShape: shape,
      classes: [],
      text: { ...text, encoder: encoder.name, fingerprint: encoder.fingerprint },
      latents: { codec: codec.name, fingerprint: codec.fingerprint },
    },
    rows: {
      size: dataset.size,
      complete: true,
      shape,
      x0: await codec.encode(images, dataset.shape),
      text: await encodeAll(encoder, captions),
      captions,
    },
    pictures: { images, shape: dataset.shape },
    codec,
    encoder,
    async dispose() {
      await Promise.all([codec.dispose(), encoder.dispose()]);
    },
  };
}

/** What a system is made of, without faults. */
export function partsOf(system: System): Omit<Subject, "weights" | "history" | "step" | "task"> {
  const { name, config, facts, rows, pictures, codec, encoder } = system;
  const model = modelFor(config, facts), { classes } = facts;
  const parts = { name, config, model, classes, rows, pictures, codec, encoder };
  return { ...parts, solve, guided: guidedVelocity };
}

/** The task of learning some rows by heart. */
export function rowsTask(
  model: Model,
  config: TrainConfig,
  { facts, rows }: Pick<System, "facts" | "rows">,
): TrainTask {
  const { initial: _, selfFlow: __, ...learning } = flowLearning(model, config);
  return {
    ...learning,
    facts,
    feed: rowsFeed(model, config, rows),
    fingerprint: `${config.name} ${config.seed}`,
    dispose: () => Promise.resolve(),
  };
}

/** Batches of rows in memory, each once per epoch, as the trainer's own feeds make them. */
function rowsFeed(
  model: Model,
  { batchSize, seed, objective }: TrainConfig,
  rows: Rows,
): Feed {
  const generators = {
    order: forkRandom(seed, "order"),
    noise: forkRandom(seed, "noise"),
    ...levelGenerators(seed, objective),
    conditions: forkRandom(seed, "dropped conditions"),
  };
  let waiting: number[] = [];
  return {
    next() {
      while (waiting.length < batchSize) {
        waiting.push(...shuffle(generators.order, [...Array(rows.size).keys()]));
      }
      const places = waiting.splice(0, batchSize), x0 = gatherX0(rows, places);
      const shape = [batchSize, ...rows.shape], dropout = objective.conditionDropout;
      const tensors = {
        x0: float32(shape, x0),
        x1: float32(shape, normals(generators.noise, x0.length)),
        ...drawLevels(batchSize, generators, objective, undefined),
        ...conditionTensors({ model, rows }, places),
      };
      if (model.text) {
        const keep = keepTexts(batchSize, dropout, generators.conditions);
        Object.assign(tensors, { "text.keep": float32([batchSize], keep) });
      } else if (model.classes > 0) {
        const labels = places.map((place) => rows.labels![place]!);
        const kept = dropLabels(labels, dropout, model.classes, generators.conditions);
        Object.assign(tensors, { label: int32([batchSize], kept) });
      }
      const saved = Object.entries(generators).map(([name, random]) => [name, random.save()]);
      return { tensors, after: { data: [...waiting], generators: Object.fromEntries(saved) } };
    },
    restore({ data, generators: saved }) {
      waiting = [...data as number[]];
      for (const name of Object.keys(generators) as (keyof typeof generators)[]) {
        generators[name] = createRandom(saved[name]!);
      }
    },
  };
}
