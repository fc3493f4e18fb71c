import { compile, type Device } from "../engine/mod.ts";
import { imageTower } from "../models/image_tower.ts";
import type { ImageShape } from "../models/model.ts";
import { decodeSafetensors } from "../nn/mod.ts";
import { expectShape, float32, sizeOf } from "../tensors.ts";
import { POOLED_WIDTH } from "./prompt_encoder.ts";
import { damaged, readTowerAbout, readTowerFile } from "./tower_files.ts";

/** A frozen image encoder: pictures in, vectors out that compare with those of texts. */
export interface ImageEncoder {
  imageShape: ImageShape;
  /**
   * Images `[N, H, W, C]` in [−1, 1] → vectors of length 1, `[N, 512]`: their product with a prompt's pooled vector is
   * how well the picture fits the prompt.
   */
  encode(images: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  dispose(): Promise<void>;
}

/** Images that run at once. */
const CHUNK = 32;

/**
 * Opens the image tower that was trained with the text tower, or another from its folder (`tower.json`,
 * `image-tower.safetensors`). Throws a RangeError that says which file is missing or damaged.
 */
export async function openImageTower(
  device: Device,
  { path: folder }: { path?: string } = {},
): Promise<ImageEncoder> {
  const { images: options } = await readTowerAbout(folder);
  const tower = imageTower(options);
  const bytes = await readTowerFile("images", folder);
  let weights;
  try {
    weights = decodeSafetensors(bytes).tensors;
    for (const [name, { shape }] of Object.entries(tower.params)) {
      expectShape(name, weights[name]?.shape ?? [], shape);
    }
  } catch (error) {
    throw damaged("images", folder, (error as Error).message);
  }
  const { imageShape } = tower, numbers = sizeOf(imageShape);
  const program = await compile(
    device,
    ({ images, ...params }) => {
      return { vectors: tower.apply(params, images!) };
    },
    { images: { shape: [CHUNK, ...imageShape], dtype: "float32" } },
    { constants: weights },
  );

  return {
    imageShape,
    async encode(images) {
      const count = images.length / numbers;
      if (!Number.isInteger(count)) {
        throw new RangeError(
          `Cannot encode ${images.length} numbers: expected images of [${imageShape.join(", ")}]`,
        );
      }
      const vectors = new Float32Array(count * POOLED_WIDTH);
      for (let start = 0; start < count; start += CHUNK) {
        const here = Math.min(CHUNK, count - start);
        const chunk = new Float32Array(CHUNK * numbers);
        chunk.set(images.subarray(start * numbers, (start + here) * numbers));
        const run = await program.run({ images: float32([CHUNK, ...imageShape], chunk) });
        const found = run.vectors!.data as Float32Array;
        vectors.set(found.subarray(0, here * POOLED_WIDTH), start * POOLED_WIDTH);
      }
      return vectors;
    },
    dispose: () => program.dispose(),
  };
}
