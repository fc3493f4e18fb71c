import * as tf from "@tensorflow/tfjs-core";
import { type Dataset, pictureWords } from "../data/mod.ts";
import { SAID_CHOICES } from "../data/pictures/said.ts";
import { compile, type Device, type Value } from "../engine/mod.ts";
import { contrastiveLoss } from "../models/contrastive_loss.ts";
import { type ImageTower, imageTower } from "../models/image_tower.ts";
import { type TextTower, textTower, type TextTowerSettings } from "../models/text_tower.ts";
import { POOLED_WIDTH } from "../models/text_conditioning.ts";
import {
  addPrefix,
  constant,
  initialise,
  linear,
  linearSpecs,
  param,
  type ParamSpecs,
  takePrefix,
} from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import type { HostRecord, SpecRecord, TensorRecord } from "../tensors.ts";
import { buildVocabulary, createTokenizer, type Tokenizer } from "../text/mod.ts";
import type { TrainConfig } from "./config.ts";
import {
  alsoTrue,
  type CaptionedDataset,
  contrastiveBatches,
  contrastiveBatchSpec,
  contrastiveFeed,
} from "./contrastive_feed.ts";
import { loadImages } from "./flow_task.ts";
import type { Judgement } from "./report.ts";
import {
  bestPictures,
  RETRIEVAL,
  retrieval,
  retrievalChapter,
  type RetrievalNumbers,
} from "./retrieval.ts";
import type { HeldoutLoss, SampleSet, TrainTask } from "./task.ts";

/** A config whose model is a text tower. */
export type TextTrainConfig = Omit<TrainConfig, "model"> & { model: TextTowerSettings };

/** A text tower and an image tower that learn from captioned pictures, and what judging them needs. */
export interface ContrastiveTask extends TrainTask {
  text: TextTower;
  images: ImageTower;
  tokenizer: Tokenizer;
  settings: Required<TextTowerSettings>;
  dataset: CaptionedDataset;
  heldoutData: CaptionedDataset;
  heldout(weights: Record<string, Value>): Promise<HeldoutLoss & { numbers: RetrievalNumbers }>;
  heldoutBounds(weights: Record<string, Value>): Promise<{ ceiling: number; floor: number }>;
  judge(weights: Record<string, Value>): Promise<Judgement>;
  /** The pictures kept aside that fit some captions best, a caption per row, best first. */
  sample(weights: Record<string, Value>): Promise<SampleSet>;
}

/** What settings are by default. */
export const TEXT_TOWER_DEFAULTS: Required<TextTowerSettings> = {
  kind: "text-tower",
  width: 128,
  depth: 2,
  heads: 4,
  imageWidth: 48,
  factsWeight: 0.2,
};

/** Tokens per text: the longest caption of `pictures` has 21 words, and start and end. */
export const TEXT_LENGTH = 24;
const FEED = { spelling: 0.05, droppedArticles: 0.1 };

/** Captions whose pictures are shown while training goes on. */
const ROWS = 8;

/** Makes the task that a config with a text tower describes; its pictures need captions. */
export async function createContrastiveTask(
  device: Device,
  config: TextTrainConfig,
  images?: { train: Dataset; heldout: Dataset },
): Promise<ContrastiveTask> {
  const data = images ?? await loadImages(config as TrainConfig);
  const dataset = withCaptions(data.train), heldoutData = withCaptions(data.heldout);
  const settings = { ...TEXT_TOWER_DEFAULTS, ...config.model };
  const tokenizer = tokenizerFor(dataset);
  const towers = towersFor(settings, dataset.shape, tokenizer);
  const facts = dataset.facts !== undefined && heldoutData.facts !== undefined;
  const factsWeight = facts ? settings.factsWeight : 0;
  const specs = taskSpecs(towers, factsWeight > 0);
  const measure = contrastiveMeasure(towers, factsWeight);
  const batch = contrastiveBatchSpec(dataset.shape, {
    batchSize: config.batchSize,
    tokenizer,
    facts,
  });
  const measurement = await compileMeasurement(device, measure, { specs, batch });
  const fixed = (of: CaptionedDataset) => {
    const count = Math.floor(Math.min(config.heldout.images, of.size) / config.batchSize);
    const how = { batchSize: config.batchSize, seed: config.seed, tokenizer };
    return measurement.over(contrastiveBatches(of, { ...how, count: Math.max(1, count) }));
  };
  const aside = fixed(heldoutData);
  const params = initialise(specs, forkRandom(config.seed, "initial parameters"));

  return {
    facts: {
      name: `${towers.text.name}, ${towers.images.name}`,
      imageShape: dataset.shape,
      classes: [],
    },
    ...towers,
    tokenizer,
    settings,
    dataset,
    heldoutData,
    params,
    batch,
    loss: (params, inputs) => measure(params, inputs).loss as tf.Scalar,
    feed: contrastiveFeed(dataset, {
      ...FEED,
      batchSize: config.batchSize,
      seed: config.seed,
      tokenizer,
    }),
    fingerprint: dataset.fingerprint,
    description: dataset.description,
    heldout: async (weights) => (await aside.measure(weights)).loss,
    async heldoutBounds(weights) {
      const learned = await fixed(dataset).measure(weights);
      const { loss: floor } = (await aside.measure(params)).loss;
      return { ceiling: learned.loss.loss, floor };
    },
    async judge(weights) {
      return { chapters: [retrievalChapter((await aside.measure(weights)).loss.numbers)] };
    },
    async sample(weights) {
      const { pairs } = await aside.measure(weights);
      const columns = config.sampling.perClass;
      return bestPictures(heldoutData, pairs, { rows: ROWS, columns });
    },
    dispose: () => measurement.dispose(),
  };
}

/** The tokenizer for a dataset: its vocabulary follows from the captions, for `pictures` from the grammar. */
export function tokenizerFor(dataset: CaptionedDataset): Tokenizer {
  const texts = dataset.name === "pictures" ? pictureWords() : dataset.captions;
  return createTokenizer(buildVocabulary(texts), TEXT_LENGTH);
}

/** The two towers that settings describe. */
export function towersFor(
  { width, depth, heads, imageWidth }: Required<TextTowerSettings>,
  imageShape: Dataset["shape"],
  { vocabulary, length }: Tokenizer,
): { text: TextTower; images: ImageTower } {
  return {
    text: textTower({ vocabulary: vocabulary.length, length, width, depth, heads }),
    images: imageTower({ imageShape, width: imageWidth }),
  };
}

/** Parameters of both towers, the temperature, and the heads that are thrown away after training. */
function taskSpecs(
  { text, images }: { text: TextTower; images: ImageTower },
  withHeads: boolean,
): ParamSpecs {
  const classes = SAID_CHOICES.reduce((sum, { values }) => sum + values.length + 1, 0);
  const tokenWidth = text.params["norm.weight"]!.shape[0]!;
  return {
    ...addPrefix(text.params, "text"),
    ...addPrefix(images.params, "images"),
    // 1 / 0.07, as in CLIP.
    logit_scale: param([], constant(Math.log(1 / 0.07))),
    ...(withHeads && {
      ...linearSpecs("heads.pooled", POOLED_WIDTH, classes),
      ...linearSpecs("heads.tokens", tokenWidth, classes),
    }),
  };
}

/**
 * Vectors and loss of a batch. Beside the contrastive loss, linear heads read from a caption's vectors what it says:
 * from the pooled one and from the mean of its tokens, so that neither loses a fact that few pictures hinge on.
 */
function contrastiveMeasure(
  towers: { text: TextTower; images: ImageTower },
  factsWeight: number,
): (params: TensorRecord, batch: TensorRecord) => TensorRecord {
  return (params, { images, ids, alsoTrue, wrongIds, said }) => {
    const vectors = towers.images.apply(takePrefix(params, "images"), images!);
    const all = wrongIds ? tf.concat([ids!, wrongIds], 0) : ids!;
    const { pooled, tokens, mask } = towers.text.apply(takePrefix(params, "text"), all);
    const [texts, wrongTexts] = wrongIds ? tf.split(pooled, 2, 0) : [pooled];
    let loss: tf.Tensor = contrastiveLoss(vectors, texts!, params.logit_scale!, {
      alsoTrue: alsoTrue!,
      ...(wrongTexts && { wrongTexts }),
    });
    if (said && factsWeight > 0) {
      const mean = tf.div(tf.sum(tokens, 1), tf.sum(mask, 1, true));
      const scaled = tf.mul(pooled, Math.sqrt(POOLED_WIDTH));
      const read = tf.add(
        factsLoss(linear(params, "heads.pooled", scaled), said),
        factsLoss(linear(params, "heads.tokens", mean), said),
      );
      loss = tf.add(loss, tf.mul(read, factsWeight));
    }
    // Whether the image fits its caption better than the wrong one.
    const fit = (other: tf.Tensor) => tf.sum(tf.mul(vectors, other), 1);
    const right = wrongTexts && tf.cast(tf.greater(fit(texts!), fit(wrongTexts)), "float32");
    return { loss, vectors, texts: texts!, ...(right && { right }) };
  };
}

/** How much a caption that says nothing of a fact counts, beside one that says it. */
const NOT_SAID = 0.1;

/**
 * Cross-entropy of what captions say, the sum over facts: logits `[N, all classes]`, said int32 `[N, facts]`.
 *
 * For each fact the mean is mostly over the captions that say it: of a second colour only few do.
 */
function factsLoss(logits: tf.Tensor, said: tf.Tensor): tf.Tensor {
  const sizes = SAID_CHOICES.map(({ values }) => values.length + 1);
  const classes = tf.split(said, SAID_CHOICES.length, 1);
  const losses = tf.split(logits, sizes, 1).map((part, i) => {
    const right = tf.cast(tf.oneHot(tf.reshape(classes[i]!, [-1]), sizes[i]!), "float32");
    const each = tf.neg(tf.sum(tf.mul(right, tf.logSoftmax(part)), -1, true));
    const isSaid = tf.sub(1, tf.slice(right, [0, 0], [right.shape[0]!, 1]));
    const weight = tf.add(tf.mul(isSaid, 1 - NOT_SAID), NOT_SAID);
    return tf.div(tf.sum(tf.mul(each, weight)), tf.sum(weight));
  });
  return tf.addN(losses);
}

/** Compiles the measurement of loss and retrieval on fixed batches. */
async function compileMeasurement(
  device: Device,
  measure: (params: TensorRecord, batch: TensorRecord) => TensorRecord,
  { specs, batch }: { specs: ParamSpecs; batch: SpecRecord },
) {
  const weightSpecs = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      return [name, { shape, dtype: "float32" as const }];
    }),
  );
  const program = await compile(device, (inputs) => {
    return measure(takePrefix(inputs, "weights"), takePrefix(inputs, "batch"));
  }, { ...addPrefix(weightSpecs, "weights"), ...addPrefix(batch, "batch") });

  return {
    over({ batches, captions, facts }: ReturnType<typeof contrastiveBatches>) {
      const count = Math.min(RETRIEVAL, captions.length);
      const doubtful = alsoTrue(captions.slice(0, count), facts?.slice(0, count));
      return {
        async measure(weights: Record<string, Value>) {
          const parts: HostRecord[] = [];
          for (const one of batches) {
            const inputs = { ...addPrefix(weights, "weights"), ...addPrefix(one, "batch") };
            parts.push(await program.run(inputs));
          }
          const all = (name: string) => parts.flatMap((part) => [...part[name]!.data]);
          const first = (name: string) => {
            return Float32Array.from(all(name).slice(0, count * POOLED_WIDTH));
          };
          const pairs = { images: first("vectors"), texts: first("texts") };
          const numbers: RetrievalNumbers = {
            ...retrieval(pairs.images, pairs.texts, doubtful),
            ...(facts && { right_over_wrong: mean(all("right")) }),
          };
          return { loss: { loss: mean(all("loss")), bins: [], numbers }, pairs };
        },
      };
    },
    dispose: () => program.dispose(),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function withCaptions(dataset: Dataset): CaptionedDataset {
  const { captions, name } = dataset;
  if (captions) return { ...dataset, captions };
  throw new RangeError(
    `Cannot train a text tower on ${name}: it has no captions; expected pictures or a folder of yours`,
  );
}
