import { DamagedShardError } from "./damage.ts";
import { collate, type LatentBatch, type ShardRow } from "./latent_batch.ts";
import { checkPresent, loadShard } from "./load_shard.ts";
import { fingerprintOf, type Manifest, readManifest, type RowLayout } from "./manifest.ts";
import { createRowStream, type RowStream, type RowStreamOptions } from "./row_stream.ts";
import type { ShardContent } from "./shard_file.ts";

/** Options of {@linkcode openShards}. */
export interface OpenShardsOptions {
  /** What to do about shards that are missing or damaged: an error, the default, or leave their rows out. */
  damaged?: "refuse" | "skip";
  /** Keeps shards in memory once they are read; by default if all together are below 512 MB. */
  memory?: boolean;
  /** Leaves so many shards at the end out, as if they were not there: they can be kept aside. */
  except?: number;
  /** Told once of each shard that is skipped. */
  onDamaged?: (damage: { file: string; reason: string }) => void;
}

/** A prepared folder, open for reading. */
export interface Shards {
  folder: string;
  manifest: Manifest;
  /** Number of rows, those of damaged shards included. */
  rows: number;
  layout: RowLayout;
  /** Differs whenever any row differs: stored with runs. */
  fingerprint: string;
  /** Rows in the order in which they were prepared; fewer than asked for where shards are skipped. */
  read(from: number, count: number): Promise<LatentBatch>;
  /** All rows again and again in seeded random order. */
  stream(options: RowStreamOptions): RowStream;
  /** Content of one shard; undefined if it is damaged and to be skipped. */
  shard(index: number): Promise<ShardContent | undefined>;
}

const MEMORY = 512e6;

/**
 * Opens a folder that `deno task data prepare` has made.
 *
 * Throws a RangeError if it is not there, not finished or of another version, and a
 * {@linkcode DamagedShardError} for a missing or truncated shard; flipped bytes are found when a shard is read.
 */
export async function openShards(folder: string, options: OpenShardsOptions = {}): Promise<Shards> {
  const found = await readManifest(folder);
  if (!found) {
    throw new RangeError(
      `There are no prepared shards in ${folder}: make them with \`deno task data prepare\``,
    );
  }
  if (!found.complete) {
    throw new RangeError(
      `The shards in ${folder} are not finished (${found.rows} rows so far): ` +
        "run the same `deno task data prepare` again, it goes on where it stopped",
    );
  }
  const manifest = withoutLast(found, options.except ?? 0);
  const { damaged = "refuse", onDamaged, memory = totalBytes(manifest) < MEMORY } = options;
  const layout: RowLayout = { latentShape: manifest.latentShape, text: manifest.text };
  const left = new Set<number>(), kept = new Map<number, Promise<ShardContent | undefined>>();
  for (const index of manifest.shards.keys()) {
    await guard(index, () => checkPresent(folder, manifest.shards[index]!));
  }

  const shards: Shards = {
    folder,
    manifest,
    rows: manifest.rows,
    layout,
    fingerprint: fingerprintOf(manifest),
    async read(from, count) {
      checkRange(from, count, manifest, folder);
      const rows: ShardRow[] = [];
      let start = 0;
      for (const [index, entry] of manifest.shards.entries()) {
        const first = Math.max(from, start), last = Math.min(from + count, start + entry.rows);
        const shard = first < last ? await shards.shard(index) : undefined;
        for (let row = first; shard && row < last; row++) rows.push({ shard, row: row - start });
        start += entry.rows;
      }
      return collate(rows, layout);
    },
    stream: (streamOptions) => createRowStream(shards, streamOptions),
    shard(index) {
      const there = kept.get(index);
      if (there) return there;
      const loading = guard(index, () => loadShard(folder, manifest.shards[index]!, layout));
      if (memory) kept.set(index, loading);
      return loading;
    },
  };
  return shards;

  /** What `load` gives; undefined for a damaged shard that is to be skipped. */
  async function guard<T>(index: number, load: () => Promise<T>): Promise<T | undefined> {
    if (left.has(index)) return undefined;
    try {
      return await load();
    } catch (error) {
      if (damaged === "refuse" || !(error instanceof DamagedShardError)) throw error;
      if (!left.has(index)) onDamaged?.({ file: error.file, reason: error.reason });
      left.add(index);
      if (left.size === manifest.shards.length) {
        throw new Error(`All shards in ${folder} are damaged: prepare them again`, {
          cause: error,
        });
      }
    }
  }
}

function withoutLast(manifest: Manifest, count: number): Manifest {
  const shards = manifest.shards.slice(0, manifest.shards.length - count);
  return { ...manifest, shards, rows: shards.reduce((sum, { rows }) => sum + rows, 0) };
}

function totalBytes({ shards }: Manifest): number {
  return shards.reduce((sum, { bytes }) => sum + bytes, 0);
}

function checkRange(from: number, count: number, { rows }: Manifest, folder: string): void {
  const whole = [from, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (whole && from + count <= rows) return;
  throw new RangeError(`Cannot read ${count} rows from ${from} of ${folder}: it has ${rows}`);
}
