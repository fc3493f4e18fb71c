import { POOLED_WIDTH } from "../../text/prompt_encoder.ts";
import { sizeOf } from "../../tensors.ts";
import type { PictureFacts } from "../pictures/facts.ts";
import type { RowLayout } from "./manifest.ts";
import type { RowInfo, ShardContent } from "./shard_file.ts";

/** Rows of prepared shards; text arrays are empty for rows without texts. */
export interface LatentBatch {
  /** Scaled latents `[B, h, w, c]`. */
  latents: Float32Array<ArrayBuffer>;
  /** One vector per caption `[B, 512]`. */
  pooled: Float32Array<ArrayBuffer>;
  /** One vector per token, zero where a caption is shorter `[B, L, D]`. */
  tokens: Float32Array<ArrayBuffer>;
  /** 1 for tokens of the caption, 0 for padding `[B, L]`. */
  mask: Float32Array<ArrayBuffer>;
  captions: string[];
  ids: string[];
  /** The exact truth, where it is known. */
  facts: (PictureFacts | null)[];
  /** Index of the class, −1 where there is none `[B]`. */
  labels: Int32Array<ArrayBuffer>;
}

/** A row where it lies: cheap, as nothing is copied before it is used. */
export interface ShardRow {
  shard: ShardContent;
  row: number;
}

/** Copies rows into one batch, in single precision and with texts padded to L tokens. */
export function collate(rows: readonly ShardRow[], layout: RowLayout): LatentBatch {
  const size = sizeOf(layout.latentShape), count = rows.length, { text } = layout;
  const length = text?.length ?? 0, width = text?.tokenWidth ?? 0;
  const batch: LatentBatch = {
    latents: new Float32Array(count * size),
    pooled: new Float32Array(text ? count * POOLED_WIDTH : 0),
    tokens: new Float32Array(count * length * width),
    mask: new Float32Array(count * length),
    captions: [],
    ids: [],
    facts: [],
    labels: new Int32Array(count).fill(-1),
  };
  for (const [i, { shard, row }] of rows.entries()) {
    const { id, caption, facts, label }: RowInfo = JSON.parse(shard.lines[row]!);
    batch.ids.push(id);
    batch.captions.push(caption);
    batch.facts.push(facts ?? null);
    if (label !== undefined) batch.labels[i] = label;
    batch.latents.set(shard.latents.subarray(row * size, (row + 1) * size), i * size);
    if (!shard.texts) continue;

    const { ofRow, pooled, tokens, counts } = shard.texts, chosen = ofRow[row]!;
    const start = startsOf(counts)[chosen]!, tokenCount = counts[chosen]!;
    batch.pooled.set(
      pooled.subarray(chosen * POOLED_WIDTH, (chosen + 1) * POOLED_WIDTH),
      i * POOLED_WIDTH,
    );
    batch.tokens.set(
      tokens.subarray(start * width, (start + tokenCount) * width),
      i * length * width,
    );
    batch.mask.fill(1, i * length, i * length + tokenCount);
  }
  return batch;
}

const STARTS = new WeakMap<Int32Array, Int32Array>();

/** Where each text's tokens begin, worked out once per shard. */
function startsOf(counts: Int32Array): Int32Array {
  let starts = STARTS.get(counts);
  if (!starts) {
    let sum = 0;
    starts = counts.map((count) => (sum += count) - count);
    STARTS.set(counts, starts);
  }
  return starts;
}
