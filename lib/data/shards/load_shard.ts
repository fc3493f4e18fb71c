import { join } from "node:path";
import { readHashed } from "../../disk.ts";
import { DamagedShardError } from "./damage.ts";
import type { RowLayout, ShardEntry } from "./manifest.ts";
import { decodeShard, type ShardContent } from "./shard_file.ts";

/**
 * Reads a shard, its length, checksum and shapes compared with its entry in the manifest.
 *
 * Throws a {@linkcode DamagedShardError} that says what is wrong with it.
 */
export async function loadShard(
  folder: string,
  entry: ShardEntry,
  layout: RowLayout,
): Promise<ShardContent> {
  const bytes = await readWhole(folder, entry);
  try {
    return decodeShard(bytes, layout, entry.rows);
  } catch (error) {
    throw new DamagedShardError(folder, entry.file, (error as Error).message);
  }
}

/** Throws a {@linkcode DamagedShardError} unless the file is there and has the right length. */
export async function checkPresent(folder: string, { file, bytes }: ShardEntry): Promise<void> {
  let size;
  try {
    ({ size } = await Deno.stat(join(folder, file)));
  } catch (error) {
    throw explain(error, folder, file);
  }
  if (size !== bytes) throw wrongLength(folder, file, size, bytes);
}

async function readWhole(
  folder: string,
  { file, bytes, sha256 }: ShardEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  let found;
  try {
    found = await readHashed(join(folder, file));
  } catch (error) {
    throw explain(error, folder, file);
  }
  if (found.bytes.length !== bytes) throw wrongLength(folder, file, found.bytes.length, bytes);
  if (found.sha256 !== sha256) {
    throw new DamagedShardError(
      folder,
      file,
      `its SHA-256 is ${found.sha256.slice(0, 12)}…, expected ${sha256.slice(0, 12)}…`,
    );
  }
  return found.bytes;
}

function explain(error: unknown, folder: string, file: string): unknown {
  return error instanceof Deno.errors.NotFound
    ? new DamagedShardError(folder, file, "the file is missing")
    : error;
}

function wrongLength(folder: string, file: string, found: number, expected: number): Error {
  return new DamagedShardError(folder, file, `it is ${found} bytes long, expected ${expected}`);
}
