import type * as tf from "@tensorflow/tfjs-core";
import { type Dataset, pictureWords } from "../data/mod.ts";
import type { Device, Value } from "../engine/mod.ts";
import { imageTower } from "../models/image_tower.ts";
import { textTower, type TextTowerSettings } from "../models/text_tower.ts";
import { initialise } from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import { buildVocabulary, createTokenizer, type Tokenizer } from "../text/mod.ts";
import type { TrainConfig } from "./config.ts";
import {
  type CaptionedDataset,
  contrastiveBatches,
  contrastiveBatchSpec,
  contrastiveFeed,
} from "./contrastive_feed.ts";
import {
  compileMeasurement,
  contrastiveMeasure,
  contrastiveSpecs,
  type Towers,
} from "./contrastive_measure.ts";
import { loadImages } from "./flow_task.ts";
import type { Judgement } from "./report.ts";
import { bestPictures, retrievalChapter, type RetrievalNumbers } from "./retrieval.ts";
import type { HeldoutLoss, SampleSet, TrainTask } from "./task.ts";

/** A config whose model is a text tower. */
export type TextTrainConfig = Omit<TrainConfig, "model"> & { model: TextTowerSettings };

/** A text tower and an image tower that learn from captioned pictures, and what judging them needs. */
export interface ContrastiveTask extends TrainTask, Towers {
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
  const specs = contrastiveSpecs(towers, factsWeight > 0);
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
): Towers {
  return {
    text: textTower({ vocabulary: vocabulary.length, length, width, depth, heads }),
    images: imageTower({ imageShape, width: imageWidth }),
  };
}

function withCaptions(dataset: Dataset): CaptionedDataset {
  const { captions, name } = dataset;
  if (captions) return { ...dataset, captions };
  throw new RangeError(
    `Cannot train a text tower on ${name}: it has no captions; expected pictures or a folder of yours`,
  );
}
