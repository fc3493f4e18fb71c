import { batchOf } from "../batches.ts";
import { type Dataset, type DatasetOptions, loadDataset } from "../dataset.ts";
import { openPictures, PICTURES_VERSION } from "../pictures/mod.ts";
import type { RowInfo } from "./shard_file.ts";
import type { RowSource } from "./source.ts";

/** Opens a dataset by name as rows for shards; `pictures` are drawn as they are asked for. */
export async function openSource(name: string, options: DatasetOptions = {}): Promise<RowSource> {
  if (name === "pictures") return await picturesSource(options);
  return datasetSource(await loadDataset(name, options));
}

/** The rows of a dataset in memory; where it has no captions, the names of the classes serve. */
export function datasetSource(dataset: Dataset): RowSource {
  const { name, size, shape, classes, labels, captions, facts } = dataset;
  const info = (index: number): RowInfo => ({
    id: rowId(name, index),
    caption: captions?.[index] ?? classes[labels[index]!] ?? "",
    ...(facts && { facts: facts[index]! }),
    ...(classes.length > 0 && { label: labels[index]! }),
  });
  return indexedSource({
    name,
    fingerprint: dataset.fingerprint,
    description: dataset.description,
    size,
    shape,
    take: (from, to) => {
      const indices = Array.from({ length: to - from }, (_, i) => from + i);
      return { rows: indices.map(info), images: batchOf(dataset, indices).images };
    },
  });
}

/** `pictures`, of which only those of one block are in memory. */
async function picturesSource(options: DatasetOptions): Promise<RowSource> {
  const { split = "train", seed = 0, stage, imageSize = 64, combinations = "seen" } = options;
  const { size = split === "train" && combinations === "seen" ? 20_000 : 2_000 } = options;
  const draw = await openPictures(options), pixels = imageSize * imageSize * 3;
  const part = `${stage ?? "all stages"}, ${combinations} combinations`;
  return indexedSource({
    name: "pictures",
    fingerprint: `pictures:version ${PICTURES_VERSION}:${part}:${imageSize} pixels:${split}:` +
      `seed ${seed}:size ${size}`,
    description: `Generated pictures with captions: ${size.toLocaleString("en")} images of ` +
      `${imageSize}×${imageSize} of the ${split} stream, ${part}, seed ${seed}`,
    size,
    shape: [imageSize, imageSize, 3],
    take(from, to) {
      const images = new Float32Array((to - from) * pixels), bytes = new Uint8Array(pixels);
      const rows: RowInfo[] = [];
      for (let index = from; index < to; index++) {
        const { caption, facts } = draw(index, bytes);
        rows.push({ id: rowId(stage ?? "pictures", index), caption, facts });
        const start = (index - from) * pixels;
        for (let p = 0; p < pixels; p++) images[start + p] = bytes[p]! / 127.5 - 1;
      }
      return { rows, images };
    },
  });
}

/** A source whose places are numbers of rows. */
function indexedSource(
  { name, fingerprint, description, size, shape, take }:
    & Pick<RowSource, "name" | "fingerprint" | "description">
    & {
      size: number;
      shape: readonly [number, number, number];
      take(from: number, to: number): { rows: RowInfo[]; images: Float32Array<ArrayBuffer> };
    },
): RowSource {
  return {
    name,
    fingerprint,
    description,
    size,
    holds: { kind: "images", shape },
    pooled: false,
    read(place, count) {
      const from = (place as number | null) ?? 0, to = Math.min(size, from + count);
      const { rows, images } = take(from, to);
      return Promise.resolve({ rows, data: images, next: to, done: to === size });
    },
  };
}

function rowId(name: string, index: number): string {
  return `${name}-${String(index).padStart(6, "0")}`;
}
