import { compile, type Device } from "../../engine/mod.ts";
import { float32, type HostTensor, sizeOf } from "../../tensors.ts";
import { type JudgeCard, type JudgeWeights, loadPictureJudge } from "./judge_weights.ts";
import type { Layout } from "./layout.ts";
import { PICTURE_FEATURES, PICTURE_SHAPE, readPictures } from "./picture_network.ts";
import { resizePictures } from "./resize.ts";
import { layoutFrom, scoresOf } from "./vocabulary.ts";

/** What the judge sees in N pictures. */
export interface PictureReading {
  layouts: Layout[];
  /** `[N, 192]`; those of real pictures have variance 1 on average. */
  features: HostTensor;
}

/** A judge that is ready to read pictures. */
export interface PictureJudge {
  readonly card: JudgeCard;
  /**
   * Reads square pictures `[N, size, size, 3]` in [−1, 1], any N; 64 pixels wide by default. Others are resized.
   */
  read(images: Float32Array, size?: number): Promise<PictureReading>;
  dispose(): Promise<void>;
}

/** Pictures per run: one program of a fixed shape serves any number. */
const BATCH = 64;
const [SIZE, , CHANNELS] = PICTURE_SHAPE;
const PIXELS = sizeOf(PICTURE_SHAPE);

/** Compiles the judge that comes with the project, or another. */
export async function openPictureJudge(
  device: Device,
  weights?: JudgeWeights,
): Promise<PictureJudge> {
  const { params, card } = weights ?? await loadPictureJudge();
  const { vocabulary } = card, scores = scoresOf(vocabulary);
  const inputs = { images: { shape: [BATCH, ...PICTURE_SHAPE], dtype: "float32" as const } };
  const program = await compile(
    device,
    ({ images, ...weights }) => ({ ...readPictures(weights, images!) }),
    inputs,
    { constants: params },
  );
  return {
    card,
    async read(pictures, size = SIZE) {
      const images = size === SIZE
        ? pictures
        : resizePictures(pictures, { from: size, to: SIZE, channels: CHANNELS });
      const count = images.length / PIXELS;
      checkPictures(images);
      const features = new Float32Array(count * PICTURE_FEATURES), layouts: Layout[] = [];
      for (let from = 0; from < count; from += BATCH) {
        const here = Math.min(BATCH, count - from);
        const batch = new Float32Array(BATCH * PIXELS);
        batch.set(images.subarray(from * PIXELS, (from + here) * PIXELS));
        const part = await program.run({ images: float32(inputs.images.shape, batch) });
        const read = part.features!.data.subarray(0, here * PICTURE_FEATURES);
        features.set(read.map((value) => card.feature_scale * value), from * PICTURE_FEATURES);
        const logits = part.logits!.data as Float32Array;
        for (let i = 0; i < here; i++) {
          layouts.push(layoutFrom(logits.subarray(i * scores, (i + 1) * scores), vocabulary));
        }
      }
      return { layouts, features: float32([count, PICTURE_FEATURES], features) };
    },
    dispose: () => program.dispose(),
  };
}

function checkPictures(images: Float32Array): void {
  const count = images.length / PIXELS;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot read ${images.length} numbers as pictures of ${PICTURE_SHAPE.join("×")}`,
    );
  }
  const broken = images.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return;
  throw new RangeError(
    `Cannot read picture ${Math.floor(broken / PIXELS)}: it holds ${images[broken]}`,
  );
}
