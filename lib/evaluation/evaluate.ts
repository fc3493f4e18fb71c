import { batchOf, checkDatasetName, type Dataset, loadDataset } from "../data/mod.ts";
import type { Device } from "../engine/mod.ts";
import { forkRandom, shuffle } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import type { Judged } from "../training/report.ts";
import { CLASSES, IMAGE_SHAPE } from "./classifier.ts";
import { type ClassifierWeights, loadClassifier } from "./classifier_weights.ts";
import { classDiversity } from "./diversity.ts";
import { fitGaussian, frechetDistance } from "./frechet.ts";
import { kernelDistance, meanWithin } from "./mmd.ts";
import { accuracy, openImageReader, type Reading } from "./read_images.ts";

/** Images to judge. */
export interface Samples {
  /** `[N, 28, 28, 1]` in [−1, 1]. */
  images: Float32Array;
  /** The class that each was asked for; left out where a model takes no class. */
  labels?: ArrayLike<number> | undefined;
}

/**
 * How good samples are; goes into JSON as it is. Ceilings are the numbers of real images that nobody learned
 * from, floors those of noise.
 */
export interface Evaluation {
  dataset: string;
  /** Number of samples, and of noise images. */
  count: number;
  /** Number of real images behind the ceiling: `count`, or all that are held out. */
  ceiling_count: number;
  /** Number of training images that all are compared with. */
  reference_count: number;
  /** Share of samples that the classifier reads as the class they were asked for; null without classes. */
  class_accuracy: Judged<number> | null;
  /** Fréchet distance to the training images in feature space; the features of real images have variance 1. */
  frechet: Judged<number>;
  /** Kernel distance to them (MMD², cubic kernel). */
  mmd: Judged<number>;
  /** Mean distance of two samples of one class in feature space: much below the ceiling, all are alike. */
  diversity: Judged<number>;
  /** Class accuracy of each class; null where none was asked for. */
  per_class: (number | null)[];
  /** How many samples asked for as [row] were read as [column]; without classes, all are in the row they are read as. */
  confusion: number[][];
}

/** Options of {@linkcode openEvaluator}. */
export interface EvaluatorOptions {
  /** Name of the dataset that the samples should look like. */
  dataset: string;
  /** Its two parts, if they are loaded already. */
  real?: { train: Dataset; heldout: Dataset } | undefined;
  /** Folder with the files of a downloaded dataset. */
  folder?: string | undefined;
  /** Instead of the classifier that comes with the project. */
  classifier?: ClassifierWeights | undefined;
}

/** Judges any number of sets of samples of one dataset. */
export interface Evaluator {
  evaluate(samples: Samples): Promise<Evaluation>;
  dispose(): Promise<void>;
}

/** Training images that samples are compared with; more would change the distances by little. */
const REFERENCE = 4000;
/** Held-out images at the end of a dataset that no classifier has learned from. */
const UNSEEN = 1000;
const PIXELS = sizeOf(IMAGE_SHAPE);

/** Judges samples once: class accuracy, distances and diversity, each between its ceiling and its floor. */
export async function evaluateSamples(
  device: Device,
  samples: Samples,
  options: EvaluatorOptions,
): Promise<Evaluation> {
  const evaluator = await openEvaluator(device, options);
  try {
    return await evaluator.evaluate(samples);
  } finally {
    await evaluator.dispose();
  }
}

/** Loads classifier and real images and makes them ready to judge samples. */
export async function openEvaluator(
  device: Device,
  options: EvaluatorOptions,
): Promise<Evaluator> {
  checkDatasetName(options.dataset);
  const { params } = options.classifier ?? await loadClassifier(options.dataset);
  const { train, heldout } = options.real ?? await loadReal(options);
  const reader = await openImageReader(device, params);
  const reference = await reader.read(chooseImages(train, REFERENCE, train.size).images);
  const gaussian = fitGaussian(reference.features), within = meanWithin(reference.features);

  /** The four numbers of one set of images. */
  function judge(read: Reading, labels: ArrayLike<number>) {
    return {
      class_accuracy: accuracy(read.labels, labels),
      frechet: frechetDistance(fitGaussian(read.features), gaussian),
      mmd: kernelDistance(read.features, reference.features, within),
      diversity: classDiversity(read.features, labels),
    };
  }

  return {
    async evaluate({ images, labels: asked }) {
      checkSamples(images, asked);
      const read = await reader.read(images), count = read.labels.length;
      const labels = asked ?? read.labels;
      const real = chooseImages(heldout, count, UNSEEN);
      const noise = await reader.read(noiseImages(count));
      const value = judge(read, labels);
      const ceiling = judge(await reader.read(real.images), real.labels);
      const floor = judge(noise, asked ?? noise.labels);
      const judged = (name: keyof typeof value): Judged<number> => ({
        value: value[name],
        ceiling: ceiling[name],
        floor: floor[name],
      });
      const confusion = countConfusion(labels, read.labels);
      return {
        dataset: options.dataset,
        count,
        ceiling_count: real.labels.length,
        reference_count: reference.labels.length,
        class_accuracy: asked ? judged("class_accuracy") : null,
        frechet: judged("frechet"),
        mmd: judged("mmd"),
        diversity: judged("diversity"),
        per_class: confusion.map((row, label) => share(row[label]!, row)),
        confusion,
      };
    },
    dispose: () => reader.dispose(),
  };
}

/** Rows: the class asked for; columns: the class read. */
function countConfusion(asked: ArrayLike<number>, read: ArrayLike<number>): number[][] {
  const table = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  for (let i = 0; i < asked.length; i++) table[asked[i]!]![read[i]!]!++;
  return table;
}

function share(part: number, row: readonly number[]): number | null {
  const total = row.reduce((sum, value) => sum + value, 0);
  return total > 0 ? part / total : null;
}

async function loadReal({ dataset, folder }: EvaluatorOptions) {
  const from = folder === undefined ? {} : { folder };
  return {
    train: await loadDataset(dataset, { ...from, split: "train" }),
    heldout: await loadDataset(dataset, { ...from, split: "heldout" }),
  };
}

/**
 * Some of a dataset's last images, always the same ones, of all classes equally often as long as there are enough.
 *
 * The last, because the classifier of MNIST that comes with the project has learned from the first 9,000 of MNIST's
 * 10,000 test images.
 */
function chooseImages(dataset: Dataset, count: number, among: number) {
  const first = Math.max(0, dataset.size - Math.max(count, among));
  const indices = Array.from({ length: dataset.size - first }, (_, i) => first + i);
  shuffle(forkRandom(0, "evaluation images"), indices);
  const classes = [...Map.groupBy(indices, (index) => dataset.labels[index]!).values()];
  const rounds = Math.max(...classes.map((members) => members.length));
  const inTurn = Array.from({ length: rounds }, (_, i) => classes.map((members) => members[i]))
    .flat().filter((index) => index !== undefined);
  return batchOf(dataset, inTurn.slice(0, count));
}

/** Normal noise, clipped to [−1, 1] as samples are when they become pictures. */
function noiseImages(count: number): Float32Array {
  const random = forkRandom(0, "evaluation noise");
  return new Float32Array(count * PIXELS)
    .map(() => Math.max(-1, Math.min(1, random.normal())));
}

function checkSamples(images: Float32Array, labels: ArrayLike<number> | undefined): void {
  const count = images.length / PIXELS;
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(
      `Cannot judge ${images.length} numbers: expected at least 2 images of ` +
        `${IMAGE_SHAPE.join("×")}`,
    );
  }
  const broken = images.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw new RangeError(
      `Cannot judge sample ${Math.floor(broken / PIXELS)}: it holds ${images[broken]}`,
    );
  }
  if (!labels) return;
  if (labels.length !== count) {
    throw new RangeError(`There are ${labels.length} labels for ${count} samples`);
  }
  const wrong = Array.from(labels).find((label) => !(label >= 0 && label < CLASSES));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot judge label ${wrong}: the classifier knows 0 … ${CLASSES - 1}`);
  }
}
