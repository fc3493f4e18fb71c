import { exportOnnx } from "../engine/mod.ts";
import type { ImageTower } from "../models/image_tower.ts";
import type { TextTower } from "../models/text_tower.ts";
import { countParameters, encodeSafetensors, takePrefix } from "../nn/mod.ts";
import type { HostRecord } from "../tensors.ts";
import type { Tokenizer } from "../text/mod.ts";
import { TOWER_FILES, TOWER_FORMAT, type TowerCard, type TowerFile } from "../text/tower_files.ts";

/** Texts that the ONNX file takes at once. */
const BATCH = 16;

/** A trained pair of towers. */
export interface TrainedTowers {
  text: TextTower;
  images: ImageTower;
  /** Channels of the image tower's first layers. */
  imageWidth: number;
  tokenizer: Tokenizer;
  /** `text.…` and `images.…`; whatever else is there was needed in training only. */
  weights: HostRecord;
}

/** The files of a pair of towers by name: `tower.json`, `tower.onnx`, `image-tower.safetensors`; weights in half precision. */
export function towerFiles(
  { text, images, imageWidth, tokenizer, weights }: TrainedTowers,
  card: Omit<TowerCard, "parameters">,
): Record<string, Uint8Array<ArrayBuffer>> {
  const { vocabulary, length } = tokenizer;
  const onnx = exportOnnx(
    ({ ids, ...params }) => ({ ...text.apply(params, ids!) }),
    { ids: { shape: [BATCH, length], dtype: "int32" } },
    { constants: takePrefix(weights, "text"), floats: "F16" },
  );
  const [height, width, channels] = images.imageShape;
  const about: TowerFile = {
    format: TOWER_FORMAT,
    length,
    tokenWidth: text.params["norm.weight"]!.shape[0]!,
    batch: BATCH,
    images: { imageShape: [height, width, channels], width: imageWidth },
    card: {
      ...card,
      parameters: { text: countParameters(text.params), images: countParameters(images.params) },
    },
    vocabulary,
  };
  return {
    [TOWER_FILES.about]: new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`),
    [TOWER_FILES.text]: onnx,
    [TOWER_FILES.images]: encodeSafetensors(takePrefix(weights, "images"), { floats: "F16" }),
  };
}
