import { batchOf, type Dataset } from "../../data/mod.ts";
import { FACTS, type PictureFacts, STAGES } from "../../data/pictures/facts.ts";
import type { Device } from "../../engine/mod.ts";
import { type LatentCodec, reconstruct } from "../../latents/mod.ts";
import { initialise } from "../../nn/mod.ts";
import { forkRandom, shuffle } from "../../random.ts";
import { float32, type HostRecord, sizeOf } from "../../tensors.ts";
import { fit, type FitOptions, type FitRecipe } from "../fit.ts";
import { fitGaussian } from "../frechet.ts";
import { compareFacts } from "./compare.ts";
import {
  decodeJudge,
  encodeJudge,
  type JudgeAccuracy,
  type JudgeCard,
  type JudgeWeights,
} from "./judge_weights.ts";
import { openPictureJudge, type PictureReading } from "./picture_judge.ts";
import {
  decisionLoss,
  PICTURE_FEATURES,
  PICTURE_SHAPE,
  pictureSpecs,
  readPictures,
} from "./picture_network.ts";
import { roughen, ROUGHNESS, type Roughness } from "./roughen.ts";
import {
  answersOf,
  type Decision,
  decisionsOf,
  scoresOf,
  type Vocabulary,
  vocabularyOf,
} from "./vocabulary.ts";

/** How the judge of pictures is trained. */
export interface JudgeRecipe extends FitRecipe {
  /** Probability that is spread over all answers of a decision, so that nothing is ever certain. */
  smoothing: number;
  /** How much pictures are changed. */
  roughness: Roughness;
  seed: number;
}

/** What the judge that comes with the project was trained with. */
export const JUDGE_RECIPE: JudgeRecipe = {
  steps: 6000,
  batchSize: 32,
  learningRate: 1.5e-3,
  warmup: 200,
  weightDecay: 0.05,
  smoothing: 0.02,
  emaDecay: 0.998,
  roughness: ROUGHNESS,
  seed: 0,
};

/** Options of {@linkcode trainPictureJudge}. */
export interface TrainJudgeOptions extends FitOptions {
  /** What differs from {@linkcode JUDGE_RECIPE}. */
  recipe?: Partial<JudgeRecipe>;
}

/**
 * Trains the judge on pictures whose facts are known and measures it on others.
 *
 * The accuracies in the card are those of the weights in half precision, as they are kept. Features are scaled so
 * that those of the held-out pictures have variance 1 on average.
 */
export async function trainPictureJudge(
  device: Device,
  train: Dataset,
  heldout: Dataset,
  options: TrainJudgeOptions = {},
): Promise<JudgeWeights> {
  const recipe = { ...JUDGE_RECIPE, ...options.recipe };
  const vocabulary = vocabularyOf(factsOf(train));
  const trained = await fitJudge(device, train, vocabulary, recipe, options);
  const card: JudgeCard = {
    dataset: train.name,
    trained_on: train.description,
    fingerprint: train.fingerprint,
    seed: recipe.seed,
    recipe: describeRecipe(recipe),
    feature_scale: 1,
    vocabulary,
    heldout: {},
  };
  const kept = decodeJudge(encodeJudge({ params: trained, card }));
  const reading = await readAll(device, kept, heldout);
  const variance = fitGaussian(reading.features).covariance.trace() / PICTURE_FEATURES;
  card.feature_scale = 1 / Math.sqrt(variance);
  card.heldout = accuracyOf(reading, heldout);
  return { params: kept.params, card };
}

/**
 * Share of the facts that captions state which the judge sees rightly, by stage; with a codec, in what is left of
 * the pictures once they are encoded and decoded.
 */
export async function testPictureJudge(
  device: Device,
  weights: JudgeWeights,
  dataset: Dataset,
  { codec }: { codec?: LatentCodec | undefined } = {},
): Promise<JudgeCard["heldout"]> {
  return accuracyOf(await readAll(device, weights, dataset, codec), dataset);
}

function accuracyOf({ layouts }: PictureReading, dataset: Dataset): JudgeCard["heldout"] {
  const facts = factsOf(dataset), accuracy: JudgeCard["heldout"] = {};
  for (const stage of STAGES) {
    const verdicts = facts.flatMap((asked, i) =>
      asked.stage === stage ? [compareFacts(asked, layouts[i]!)] : []
    );
    if (verdicts.length === 0) continue;
    const shares: JudgeAccuracy = {};
    for (const fact of FACTS) {
      const found = verdicts.map((verdict) => verdict[fact]).filter((right) => right !== undefined);
      if (found.length > 0) shares[fact] = found.filter(Boolean).length / found.length;
    }
    const all = verdicts.filter((verdict) => Object.values(verdict).every(Boolean));
    accuracy[stage] = { ...shares, all_stated: all.length / verdicts.length };
  }
  return accuracy;
}

async function readAll(
  device: Device,
  weights: JudgeWeights,
  dataset: Dataset,
  codec?: LatentCodec,
): Promise<PictureReading> {
  const whole = batchOf(dataset, Array.from(dataset.labels.keys())).images;
  const images = codec ? (await reconstruct(codec, whole, dataset.shape)).images : whole;
  const judge = await openPictureJudge(device, weights);
  try {
    return await judge.read(images, dataset.shape[0]);
  } finally {
    await judge.dispose();
  }
}

function fitJudge(
  device: Device,
  dataset: Dataset,
  vocabulary: Vocabulary,
  recipe: JudgeRecipe,
  options: FitOptions,
): Promise<HostRecord> {
  const { batchSize, seed } = recipe, [size, , channels] = PICTURE_SHAPE;
  const decisions = decisionsOf(vocabulary), scores = scoresOf(vocabulary);
  const answers = factsOf(dataset).map((facts) => answersOf(facts, vocabulary));
  const shapes = { images: [batchSize, ...PICTURE_SHAPE], targets: [batchSize, scores] };
  const order = endlessOrder(dataset.size, seed);
  const random = forkRandom(seed, "roughened pictures");
  return fit(
    device,
    {
      params: initialise(pictureSpecs(vocabulary), forkRandom(seed, "judge weights")),
      batch: {
        images: { shape: shapes.images, dtype: "float32" },
        targets: { shape: shapes.targets, dtype: "float32" },
      },
      loss: (params, { images, targets }) =>
        decisionLoss(readPictures(params, images!).logits, targets!, decisions),
      next() {
        const places = Array.from({ length: batchSize }, () => order.next().value);
        const { images } = batchOf(dataset, places);
        const changed = roughen(images, { size, channels }, random, recipe.roughness);
        const targets = new Float32Array(sizeOf(shapes.targets));
        places.forEach((place, i) => {
          const row = targets.subarray(i * scores, (i + 1) * scores);
          fillTargets(row, answers[place]!, decisions, recipe.smoothing);
        });
        return {
          images: float32(shapes.images, changed),
          targets: float32(shapes.targets, targets),
        };
      },
    },
    recipe,
    options,
  );
}

/** All places in random order, again and again. */
function* endlessOrder(count: number, seed: number): Generator<number, never> {
  const random = forkRandom(seed, "order of judged pictures");
  const places = Array.from({ length: count }, (_, i) => i);
  while (true) yield* shuffle(random, places);
}

/** Target probabilities [K] of one picture: almost all on the answer of each decision, a little on every other. */
function fillTargets(
  row: Float32Array,
  answers: readonly number[],
  decisions: readonly Decision[],
  smoothing: number,
): void {
  decisions.forEach(({ from, size }, i) => {
    if (answers[i]! < 0) return;
    row.fill(smoothing / size, from, from + size);
    row[from + answers[i]!]! += 1 - smoothing;
  });
}

function factsOf({ name, facts }: Dataset): readonly PictureFacts[] {
  if (facts) return facts;
  throw new RangeError(
    `Cannot train a judge with ${name}: the facts about its pictures are unknown`,
  );
}

function describeRecipe(recipe: JudgeRecipe): string {
  const { clean, shift, light, coarse, blur, noise } = recipe.roughness;
  return `${recipe.steps} steps of ${recipe.batchSize} pictures, AdamW, ` +
    `learning rate ${recipe.learningRate} (warm-up ${recipe.warmup}, cosine to 0), ` +
    `weight decay ${recipe.weightDecay}, label smoothing ${recipe.smoothing}, ` +
    `moving average ${recipe.emaDecay}; ${
      100 * (1 - clean)
    } % of the pictures shifted by up to ${shift} ` +
    `pixels, lit by ${light}, ${
      100 * coarse
    } % of them halved and enlarged, blurred up to ${blur} times, ` +
    `noise up to ${noise}`;
}
