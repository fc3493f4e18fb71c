import { createHash } from "node:crypto";
import { join } from "node:path";
import { checkWritable, removeAll, writeFileWhole, type WriteOptions } from "../../disk.ts";
import { buildShard, type RowEncoders } from "./build_shard.ts";
import { loadShard } from "./load_shard.ts";
import {
  formatJson,
  MANIFEST,
  type Manifest,
  readManifest,
  type ShardEntry,
  SHARDS_VERSION,
} from "./manifest.ts";
import { DamagedShardError } from "./damage.ts";
import { encodeShard } from "./shard_file.ts";
import { readAhead, type RowSource, type SourcePlace } from "./source.ts";
import { describeShards, STATISTICS } from "./statistics.ts";

/** Options of {@linkcode prepareShards}. */
export interface PrepareOptions extends RowEncoders, WriteOptions {
  folder: string;
  /** A shard is closed once it holds so many bytes: 8 MB by default. */
  targetBytes?: number;
  /** Rows that are encoded at once, 64 by default. */
  blockRows?: number;
  onProgress?: (progress: PrepareProgress) => void;
  /** Told of each shard that was damaged and has been made again. */
  onRepaired?: (damage: { file: string; reason: string }) => void;
  signal?: AbortSignal;
}

/** How far preparing has come. */
export interface PrepareProgress {
  rows: number;
  /** How many there will be, where that is known. */
  of: number | undefined;
  /** Rows that were there already when it began. */
  before: number;
  shards: number;
}

/**
 * Writes the rows of a source into shards and describes them in `manifest.json` and `statistics.json`.
 *
 * Stopped at any point, even killed, it goes on when called again with the same source and options: shards that are
 * there are checked and kept, those that are missing or damaged are made again, and the folder ends with exactly
 * the same bytes. One process at a time prepares a folder; others wait.
 *
 * Throws a RangeError that names what differs if the folder was made from something else.
 */
export async function prepareShards(source: RowSource, options: PrepareOptions): Promise<Manifest> {
  const { folder, onProgress, signal } = options;
  const wanted = emptyManifest(source, options);
  await checkWritable(folder);
  using lock = await Deno.open(join(folder, LOCK), { create: true, write: true });
  await lock.lock(true);

  const found = await readManifest(folder);
  if (found) checkSame(found, wanted, folder);
  const manifest = found ?? wanted, before = manifest.rows;
  const layout = { latentShape: manifest.latentShape, text: manifest.text };
  const ahead = readAhead(source);
  const report = (rows: number) =>
    onProgress?.({ rows, of: source.size, before, shards: manifest.shards.length });

  try {
    for (const entry of manifest.shards) {
      try {
        await loadShard(folder, entry, layout);
      } catch (error) {
        if (!(error instanceof DamagedShardError)) throw error;
        await makeAgain(entry);
        options.onRepaired?.({ file: error.file, reason: error.reason });
      }
      signal?.throwIfAborted();
    }
    report(manifest.rows);
    for (let done = manifest.complete; !done;) done = await addShard();
  } finally {
    await ahead.settle();
  }
  if (manifest.rows === 0) throw new RangeError(`Cannot prepare ${source.name}: it gave no rows`);
  const statistics = await describeShards(folder, manifest);
  await writeFileWhole(join(folder, STATISTICS), formatJson(statistics), options);
  manifest.complete = true; // Last of all: what is complete has its statistics too.
  await writeFileWhole(join(folder, MANIFEST), formatJson(manifest), options);
  await removeAll(join(folder, LOCK));
  return manifest;

  /** Says whether it was the last one. */
  async function addShard(): Promise<boolean> {
    const from = manifest.next, { content, stages, next, done } = await collect(from);
    const rows = content.lines.length;
    if (rows > 0) {
      const file = `shard-${String(manifest.shards.length).padStart(5, "0")}.tar`;
      const bytes = encodeShard(content, layout), sha256 = hashOf(bytes);
      await writeFileWhole(join(folder, file), bytes, options);
      manifest.shards.push({ file, rows, bytes: bytes.length, sha256, stages, from });
      manifest.rows += rows;
    }
    manifest.next = next;
    await writeFileWhole(join(folder, MANIFEST), formatJson(manifest), options);
    report(manifest.rows);
    return done;
  }

  /** A shard that was there before: from the same place, the same bytes. */
  async function makeAgain({ file, from, sha256, rows }: ShardEntry): Promise<void> {
    const bytes = encodeShard((await collect(from, rows)).content, layout);
    if (hashOf(bytes) !== sha256) {
      throw new Error(
        `Cannot make ${file} again: the rows of ${source.name} have changed. ` +
          `Remove ${folder} and prepare it anew`,
      );
    }
    await writeFileWhole(join(folder, file), bytes, options);
  }

  async function collect(from: SourcePlace, most = Infinity) {
    const { targetBytes, blockRows } = manifest;
    const builder = buildShard(layout, options);
    let place = from, done = false;
    while (!done && builder.bytes < targetBytes && builder.rows < most) {
      const block = await ahead.read(place, blockRows);
      if (block.rows.length > 0) await builder.add(block, source.holds.shape);
      [place, done] = [block.next, block.done];
      report(manifest.rows + builder.rows);
      signal?.throwIfAborted();
    }
    return { content: builder.finish(), stages: builder.stages, next: place, done };
  }
}

/** Held by the process that prepares a folder; the system lets go of it when that ends, however it ends. */
const LOCK = ".preparing";

const TARGET_BYTES = 8 << 20;

/** What a folder made with these options begins with; also identifies them. */
export function emptyManifest(
  source: RowSource,
  { codec, encoder, targetBytes = TARGET_BYTES, blockRows = 64 }: Omit<PrepareOptions, "folder">,
): Manifest {
  for (const [name, value] of Object.entries({ targetBytes, blockRows })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new RangeError(`Cannot prepare with ${name} ${value}: expected a whole number above 0`);
  }
  const { holds, pooled } = source, { kind, shape } = holds;
  if (kind === "latents" && codec) {
    throw new RangeError(`Cannot encode ${source.name} with ${codec.name}: its rows are latents`);
  }
  if (pooled && encoder) {
    throw new RangeError(
      `Cannot encode captions of ${source.name} with ${encoder.name}: its rows bring text vectors`,
    );
  }
  const latentShape = codec ? codec.latentShape(shape) : shape;
  const made = kind === "latents" ? holds.codec : codec ?? { name: "none", fingerprint: "pixels" };
  const text = pooled
    ? { name: "given", fingerprint: "given", length: 0, tokenWidth: 0 }
    : encoder ?? null;
  return {
    format: "shards",
    version: SHARDS_VERSION,
    complete: false,
    dataset: {
      name: source.name,
      fingerprint: source.fingerprint,
      description: source.description,
    },
    codec: { name: made.name, fingerprint: made.fingerprint },
    latentShape: [...latentShape],
    text: text && {
      name: text.name,
      fingerprint: text.fingerprint,
      length: text.length,
      tokenWidth: text.tokenWidth,
    },
    targetBytes,
    blockRows,
    rows: 0,
    shards: [],
    next: null,
  };
}

/** Everything that decides about a folder's bytes. */
export function settingsOf(manifest: Manifest) {
  const { format, version, dataset, codec, latentShape, text, targetBytes, blockRows } = manifest;
  const { name, fingerprint } = dataset;
  const from = { name, fingerprint };
  return { format, version, dataset: from, codec, latentShape, text, targetBytes, blockRows };
}

function checkSame(found: Manifest, wanted: Manifest, folder: string): void {
  const [there, asked] = [settingsOf(found), settingsOf(wanted)];
  for (const name of Object.keys(asked) as (keyof typeof asked)[]) {
    if (JSON.stringify(there[name]) === JSON.stringify(asked[name])) continue;
    throw new RangeError(
      `Cannot prepare into ${folder}: it was made with ${name} ${briefly(there[name])}, ` +
        `now ${briefly(asked[name])} is asked for. ` +
        "Name another folder with --out, or remove this one",
    );
  }
}

function briefly(value: unknown): string {
  const { fingerprint } = (value ?? {}) as { fingerprint?: string };
  return fingerprint ?? JSON.stringify(value);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
