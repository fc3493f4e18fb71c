import { batchOf, type Dataset } from "../data/mod.ts";
import type { EncodedText } from "../text/prompt_encoder.ts";
import { POOLED_WIDTH } from "../models/mod.ts";
import { float32, type HostRecord, int32 } from "../tensors.ts";

/** Examples in memory, in the form that a flow model learns from and is judged by. */
export interface Examples {
  size: number;
  /** Shape of one x0. */
  shape: readonly number[];
  /** Data x0 `[B, …]` and its condition: `label` `[B]`, or encoded prompts `text.…`, all of which count. */
  batch(indices: readonly number[]): HostRecord;
}

/** Latents (or pixels) with their encoded prompts. */
export interface TextRows extends EncodedText {
  /** `[N, …shape]`. */
  latents: Float32Array<ArrayBuffer>;
  captions: readonly string[];
}

/** Labelled images as examples; without classes the labels are left out. */
export function imageExamples(dataset: Dataset, classes: number): Examples {
  return {
    size: dataset.size,
    shape: dataset.shape,
    batch(indices) {
      const { images, labels } = batchOf(dataset, indices);
      return {
        x0: float32([indices.length, ...dataset.shape], images),
        ...(classes > 0 && { label: int32([indices.length], labels) }),
      };
    },
  };
}

/** Latents with prompts as examples. */
export function textExamples(rows: TextRows, shape: readonly number[]): Examples {
  const size = rows.captions.length;
  return {
    size,
    shape,
    batch(indices) {
      const x0 = float32([indices.length, ...shape], gatherRows(rows.latents, size, indices));
      return { x0, ...textTensors(gatherText(rows, indices)) };
    },
  };
}

/** Encoded prompts as tensors named `text.…`; `keep` says which of them count, all by default. */
export function textTensors(
  { pooled, tokens, mask }: EncodedText,
  { keep, prefix = "text" }: { keep?: Float32Array<ArrayBuffer>; prefix?: string } = {},
): HostRecord {
  const count = (keep ?? new Float32Array(pooled.length / POOLED_WIDTH)).length;
  const length = mask.length / count, width = tokens.length / mask.length;
  return {
    [`${prefix}.pooled`]: float32([count, POOLED_WIDTH], pooled),
    ...(length > 0 && {
      [`${prefix}.tokens`]: float32([count, length, width], tokens),
      [`${prefix}.mask`]: float32([count, length], mask),
    }),
    [`${prefix}.keep`]: float32([count], keep ?? new Float32Array(count).fill(1)),
  };
}

/** The encoded prompts at the given indices; −1 gives an empty one. */
export function gatherText(text: EncodedText, indices: readonly number[]): EncodedText {
  const count = text.pooled.length / POOLED_WIDTH;
  return {
    pooled: gatherRows(text.pooled, count, indices),
    tokens: gatherRows(text.tokens, count, indices),
    mask: gatherRows(text.mask, count, indices),
  };
}

/** Rows of a matrix of `count` rows; −1 gives zeros. */
export function gatherRows(
  values: Float32Array<ArrayBuffer>,
  count: number,
  indices: readonly number[],
): Float32Array<ArrayBuffer> {
  const width = values.length / count, chosen = new Float32Array(indices.length * width);
  indices.forEach((index, i) => {
    if (index >= count) throw new RangeError(`There is no row ${index}: there are ${count}`);
    if (index >= 0) chosen.set(values.subarray(index * width, (index + 1) * width), i * width);
  });
  return chosen;
}
