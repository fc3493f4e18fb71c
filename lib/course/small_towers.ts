import type * as tf from "@tensorflow/tfjs-core";
import { createBatches, type Dataset } from "../data/mod.ts";
import { compile, type Device } from "../engine/mod.ts";
import { fit } from "../evaluation/fit.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import { imageTower } from "../models/image_tower.ts";
import { POOLED_WIDTH } from "../models/mod.ts";
import { embedding, embeddingSpecs, initialise, normal } from "../nn/mod.ts";
import { forkRandom } from "../random.ts";
import { float32, type HostRecord, type HostTensor, int32 } from "../tensors.ts";

/** The parts that learners write: exercises 4.1, 4.2 and 4.3. */
export interface TowerParts {
  tokenise: (text: string, vocabulary: readonly string[]) => string[];
  poolTokens: (tokens: tf.Tensor, mask: tf.Tensor) => tf.Tensor;
  contrastiveLoss: (pictures: tf.Tensor, texts: tf.Tensor, scale: number) => tf.Scalar;
}

/** How the towers are trained. */
export interface SmallTowersOptions {
  steps: number;
  /** Pieces that texts are spelled with. */
  vocabulary: readonly string[];
  batchSize?: number;
  /** What similarities are multiplied by, 20 by default. */
  scale?: number;
  onStep?: (step: number, loss: number) => void;
}

/** A text tower and an image tower; their vectors have length 1 and can be compared with each other. */
export interface SmallTowers {
  /** Texts → `[N, 512]`. */
  encodeTexts(texts: readonly string[]): Promise<HostTensor>;
  /** Pictures `[N, H, W, 3]` in [−1, 1] → `[N, 512]`. */
  encodePictures(pictures: Float32Array<ArrayBuffer>): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** Pieces per text, and texts or pictures that are encoded at once. */
const LENGTH = 24, CHUNK = 32;

/**
 * Trains two small towers on captioned pictures, with the parts that learners write. The text tower is the simplest
 * there is: a vector for each piece, pooled. The image tower is a small convolutional network.
 */
export async function trainSmallTowers(
  device: Device,
  pictures: Dataset,
  { tokenise, poolTokens, contrastiveLoss }: TowerParts,
  options: SmallTowersOptions,
): Promise<SmallTowers> {
  const { steps, vocabulary, batchSize = 64, scale = 20, onStep } = options;
  const { captions, shape } = pictures;
  if (!captions) throw new RangeError(`Cannot learn texts from ${pictures.name}: it has none`);
  const images = imageTower({ imageShape: shape, width: 16 });
  const places = new Map(vocabulary.map((piece, place) => [piece, place]));
  const unknown = vocabulary.length;

  /** Places in the vocabulary and the padding mask, `[N, LENGTH]`. */
  function read(texts: readonly string[]): HostRecord {
    const ids = new Int32Array(texts.length * LENGTH), mask = new Float32Array(ids.length);
    texts.forEach((text, row) =>
      tokenise(text, vocabulary).slice(0, LENGTH).forEach((piece, i) => {
        ids[row * LENGTH + i] = places.get(piece) ?? unknown;
        mask[row * LENGTH + i] = 1;
      })
    );
    const size = [texts.length, LENGTH];
    return { ids: int32(size, ids), mask: float32(size, mask) };
  }
  const readText = (params: Record<string, tf.Tensor>, ids: tf.Tensor, mask: tf.Tensor) =>
    poolTokens(embedding(params, "pieces", ids), mask);

  const specs = {
    ...images.params,
    ...embeddingSpecs("pieces", vocabulary.length + 1, POOLED_WIDTH, { init: normal(0.1) }),
  };
  const batches = createBatches(pictures, { batchSize, seed: 0 });
  const weights = await fit(device, {
    params: initialise(specs, forkRandom(0, "small towers")),
    batch: {
      images: { shape: [batchSize, ...shape], dtype: "float32" },
      ids: { shape: [batchSize, LENGTH], dtype: "int32" },
      mask: { shape: [batchSize, LENGTH], dtype: "float32" },
    },
    loss: (params, { images: x, ids, mask }) =>
      contrastiveLoss(images.apply(params, x!), readText(params, ids!, mask!), scale),
    next() {
      const { images, indices } = batches.next();
      const texts = Array.from(indices, (index) => captions[index]!);
      return { images: float32([batchSize, ...shape], images), ...read(texts) };
    },
  }, {
    steps,
    batchSize,
    learningRate: 3e-3,
    warmup: Math.ceil(steps / 20),
    weightDecay: 0.05,
    emaDecay: 0.98,
  }, { signal: interruptSignal(), ...(onStep && { onStep }) });

  const textProgram = await compile(
    device,
    ({ ids, mask, ...params }) => ({ vectors: readText(params, ids!, mask!) }),
    {
      ids: { shape: [CHUNK, LENGTH], dtype: "int32" },
      mask: { shape: [CHUNK, LENGTH], dtype: "float32" },
    },
    { constants: { "pieces.weight": weights["pieces.weight"]! } },
  );
  const { "pieces.weight": _, ...imageWeights } = weights;
  const imageProgram = await compile(
    device,
    ({ x, ...params }) => ({ vectors: images.apply(params, x!) }),
    { x: { shape: [CHUNK, ...shape], dtype: "float32" } },
    { constants: imageWeights },
  );

  /** Runs a program on chunks of a fixed size, the last one filled up. */
  async function inChunks(
    count: number,
    run: (from: number, to: number) => Promise<HostTensor["data"]>,
  ): Promise<HostTensor> {
    const vectors = new Float32Array(count * POOLED_WIDTH);
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(count, from + CHUNK), found = await run(from, to);
      vectors.set(found.subarray(0, (to - from) * POOLED_WIDTH), from * POOLED_WIDTH);
    }
    return float32([count, POOLED_WIDTH], vectors);
  }

  return {
    encodeTexts: (texts) =>
      inChunks(texts.length, async (from, to) => {
        const part = texts.slice(from, to);
        while (part.length < CHUNK) part.push(part[0]!);
        return (await textProgram.run(read(part))).vectors!.data;
      }),
    encodePictures(pictures) {
      const size = shape[0] * shape[1] * shape[2];
      return inChunks(pictures.length / size, async (from, to) => {
        const chunk = new Float32Array(CHUNK * size);
        chunk.set(pictures.subarray(from * size, to * size));
        return (await imageProgram.run({ x: float32([CHUNK, ...shape], chunk) })).vectors!.data;
      });
    },
    async dispose() {
      await textProgram.dispose();
      await imageProgram.dispose();
    },
  };
}
