import type { LatentCodec } from "../../latents/codec.ts";
import { type EncodedText, POOLED_WIDTH, type PromptEncoder } from "../../text/prompt_encoder.ts";
import { sizeOf } from "../../tensors.ts";
import type { RowLayout } from "./manifest.ts";
import type { RowInfo, ShardContent } from "./shard_file.ts";
import type { SourceBlock } from "./source.ts";

/** What turns rows into numbers. */
export interface RowEncoders {
  /** None for pixels as they are, or for rows that bring latents. */
  codec?: LatentCodec;
  /** None for rows without texts, or that bring pooled vectors. */
  encoder?: PromptEncoder;
}

/** A shard that rows are added to. */
export interface ShardBuilder {
  /** Encodes a block and adds its rows. */
  add(block: SourceBlock, imageShape: RowLayout["latentShape"]): Promise<void>;
  readonly rows: number;
  /** About how many bytes it takes. */
  readonly bytes: number;
  /** How many rows of each stage it holds. */
  readonly stages: Record<string, number>;
  finish(): ShardContent;
}

/**
 * Starts an empty shard. Each distinct caption is encoded once per shard; nothing is kept from one shard to the
 * next, so a shard's bytes follow from where it begins alone.
 */
export function buildShard(layout: RowLayout, { codec, encoder }: RowEncoders): ShardBuilder {
  const lines: string[] = [], latents: Float16Array<ArrayBuffer>[] = [];
  const ofRow: number[] = [], places = new Map<string, number>();
  const pooled: Float16Array<ArrayBuffer>[] = [], tokens: Float16Array<ArrayBuffer>[] = [];
  const counts: number[] = [], stages: Record<string, number> = {};
  let bytes = 0;

  return {
    async add({ rows, data, pooled: given }, imageShape) {
      const encoded = codec ? await codec.encode(data, imageShape) : data;
      keep(latents, narrow(encoded, rows.length, layout.latentShape, (i) => rows[i]!.id));
      for (const row of rows) addInfo(row);
      if (given) addGiven(given, rows.length);
      else if (layout.text) await addTexts(rows.map(({ caption }) => caption));
    },
    get rows() {
      return lines.length;
    },
    get bytes() {
      return bytes;
    },
    stages,
    finish: () => ({
      lines,
      latents: join(latents),
      texts: layout.text && {
        ofRow: Int32Array.from(ofRow),
        pooled: join(pooled),
        tokens: join(tokens),
        counts: Int32Array.from(counts),
      },
    }),
  };

  function keep(list: Float16Array<ArrayBuffer>[], values: Float16Array<ArrayBuffer>): void {
    list.push(values);
    bytes += values.byteLength;
  }

  function addInfo(row: RowInfo): void {
    const line = JSON.stringify(row), stage = row.facts?.stage;
    lines.push(line);
    bytes += line.length + 1;
    if (stage) stages[stage] = (stages[stage] ?? 0) + 1;
  }

  /** Pooled vectors that came with the rows: each row has its own text of no tokens. */
  function addGiven(vectors: Float32Array<ArrayBuffer>, rows: number): void {
    keep(pooled, narrow(vectors, rows, [POOLED_WIDTH], (i) => `text vector of row ${i}`));
    for (let i = 0; i < rows; i++) ofRow.push(counts.push(0) - 1);
  }

  async function addTexts(captions: string[]): Promise<void> {
    const fresh = [...new Set(captions)].filter((caption) => !places.has(caption));
    if (fresh.length > 0) addEncoded(fresh, await encoder!.encode(fresh));
    for (const caption of captions) ofRow.push(places.get(caption)!);
  }

  function addEncoded(captions: string[], encoded: EncodedText): void {
    const { length, tokenWidth } = layout.text!, name = (i: number) => `"${captions[i]}"`;
    keep(pooled, narrow(encoded.pooled, captions.length, [POOLED_WIDTH], name));
    const all = narrow(encoded.tokens, captions.length, [length, tokenWidth], name);
    for (const [i, caption] of captions.entries()) {
      const count = tokenCount(encoded.mask.subarray(i * length, (i + 1) * length), caption);
      places.set(caption, counts.push(count) - 1);
      const start = i * length * tokenWidth;
      keep(tokens, all.slice(start, start + count * tokenWidth));
    }
  }
}

/** Half precision; throws a RangeError that names the row if the shape is wrong or a number is not finite. */
function narrow(
  values: Float32Array<ArrayBuffer>,
  rows: number,
  shape: readonly number[],
  nameOf: (row: number) => string,
): Float16Array<ArrayBuffer> {
  const size = sizeOf(shape);
  if (values.length !== rows * size) {
    throw new RangeError(
      `Cannot prepare ${rows} rows: ${values.length} numbers came, ` +
        `expected [${[rows, ...shape].join(", ")}]`,
    );
  }
  const halves = new Float16Array(values);
  const wrong = halves.findIndex((half) => !Number.isFinite(half));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot prepare ${nameOf(Math.floor(wrong / size))}: one of its numbers is ${
        values[wrong]
      }, ` +
        "expected finite ones up to 65504",
    );
  }
  return halves;
}

function tokenCount(mask: Float32Array, caption: string): number {
  const end = mask.indexOf(0), count = end < 0 ? mask.length : end;
  if (mask.subarray(count).every((value) => value === 0)) return count;
  throw new RangeError(`Cannot prepare "${caption}": its mask has tokens after padding`);
}

function join(parts: readonly Float16Array<ArrayBuffer>[]): Float16Array<ArrayBuffer> {
  const whole = new Float16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}
