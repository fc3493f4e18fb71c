import type { Dataset } from "../data/mod.ts";
import { batchOf, createBatches } from "../data/mod.ts";
import type { Device } from "../engine/mod.ts";
import { initialise } from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import { float32, type HostRecord } from "../tensors.ts";
import { augment, AUGMENTATION, type Augmentation } from "./augment.ts";
import {
  CLASSES,
  CLASSIFIER,
  classify,
  crossEntropy,
  FEATURES,
  IMAGE_SHAPE,
} from "./classifier.ts";
import {
  type ClassifierWeights,
  decodeClassifier,
  encodeClassifier,
  rescaleFeatures,
} from "./classifier_weights.ts";
import { fit, type FitOptions, type FitRecipe } from "./fit.ts";
import { fitGaussian } from "./frechet.ts";
import { accuracy, openImageReader } from "./read_images.ts";

/** How the classifier is trained. */
export interface ClassifierRecipe extends FitRecipe {
  /** Probability that is spread over all classes, so that nothing is ever certain. */
  smoothing: number;
  /** How much images are changed. */
  augmentation: Augmentation;
  seed: number;
}

/** What the classifiers that come with the project were trained with. */
export const RECIPE: ClassifierRecipe = {
  steps: 4000,
  batchSize: 64,
  learningRate: 3e-3,
  warmup: 100,
  weightDecay: 0.05,
  smoothing: 0.02,
  emaDecay: 0.995,
  augmentation: AUGMENTATION,
  seed: 0,
};

/** Options of {@linkcode trainClassifier}. */
export interface TrainClassifierOptions extends FitOptions {
  /** What differs from {@linkcode RECIPE}. */
  recipe?: Partial<ClassifierRecipe>;
}

/**
 * Trains the classifier on one dataset and measures it on another that shares no image with it.
 *
 * The accuracy in the card is that of the weights in half precision, as they are kept. Features are scaled so that
 * those of the held-out images have variance 1 on average.
 */
export async function trainClassifier(
  device: Device,
  train: Dataset,
  heldout: Dataset,
  options: TrainClassifierOptions = {},
): Promise<ClassifierWeights> {
  const recipe = { ...RECIPE, ...options.recipe };
  const trained = await fitClassifier(device, train, recipe, options);
  const { variance } = await testClassifier(device, trained, heldout);
  const params = rescaleFeatures(trained, variance);
  const card = {
    dataset: train.name,
    trained_on: train.description,
    fingerprint: train.fingerprint,
    seed: recipe.seed,
    heldout_accuracy: 0,
    recipe: describeRecipe(recipe),
  };
  const kept = decodeClassifier(encodeClassifier({ params, card })).params;
  const tested = await testClassifier(device, kept, heldout);
  return { params: kept, card: { ...card, heldout_accuracy: tested.accuracy } };
}

/** Share of a dataset's images that are read rightly, and the mean variance of their 64 features. */
export async function testClassifier(
  device: Device,
  params: HostRecord,
  dataset: Dataset,
): Promise<{ accuracy: number; variance: number }> {
  const { images, labels } = batchOf(dataset, Array.from(dataset.labels.keys()));
  const reader = await openImageReader(device, params);
  const read = await reader.read(images);
  await reader.dispose();
  return {
    accuracy: accuracy(read.labels, labels),
    variance: fitGaussian(read.features).covariance.trace() / FEATURES,
  };
}

/** Minimises the cross-entropy; returns the moving average of the weights. */
function fitClassifier(
  device: Device,
  dataset: Dataset,
  recipe: ClassifierRecipe,
  options: FitOptions,
): Promise<HostRecord> {
  const { batchSize, seed } = recipe;
  const shapes = { images: [batchSize, ...IMAGE_SHAPE], targets: [batchSize, CLASSES] };
  const batches = createBatches(dataset, { batchSize, seed });
  const random = forkRandom(seed, "classifier augmentation");
  return fit(
    device,
    {
      params: initialise(CLASSIFIER, forkRandom(seed, "classifier weights")),
      batch: {
        images: { shape: shapes.images, dtype: "float32" },
        targets: { shape: shapes.targets, dtype: "float32" },
      },
      loss: (params, { images, targets }) =>
        crossEntropy(classify(params, images!).logits, targets!),
      next() {
        const { images, labels } = batches.next();
        const changed = augment(images, IMAGE_SHAPE[0], random, recipe.augmentation);
        return {
          images: float32(shapes.images, changed),
          targets: float32(shapes.targets, smoothTargets(labels, recipe.smoothing)),
        };
      },
    },
    recipe,
    options,
  );
}

/** Target probabilities [B, 10]: almost all on the label, a little on every class. */
function smoothTargets(labels: ArrayLike<number>, smoothing: number): Float32Array<ArrayBuffer> {
  const targets = new Float32Array(labels.length * CLASSES).fill(smoothing / CLASSES);
  for (let i = 0; i < labels.length; i++) targets[i * CLASSES + labels[i]!]! += 1 - smoothing;
  return targets;
}

function describeRecipe(recipe: ClassifierRecipe): string {
  const { rotation, scale, shear, shift, stroke, noise } = recipe.augmentation;
  return `${recipe.steps} steps of ${recipe.batchSize} images, AdamW, ` +
    `learning rate ${recipe.learningRate} (warm-up ${recipe.warmup}, cosine to 0), ` +
    `weight decay ${recipe.weightDecay}, label smoothing ${recipe.smoothing}, ` +
    `moving average ${recipe.emaDecay}; images turned by up to ${rotation}°, scaled by ${scale}, ` +
    `slanted by ${shear}, shifted by ${shift} pixels, strokes changed by ${stroke}, ` +
    `noise up to ${noise}`;
}
