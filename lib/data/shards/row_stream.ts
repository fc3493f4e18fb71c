import { forkRandom, shuffle } from "../../random.ts";
import { collate, type LatentBatch, type ShardRow } from "./latent_batch.ts";
import type { RowLayout } from "./manifest.ts";
import type { Shards } from "./reader.ts";
import type { ShardContent } from "./shard_file.ts";

/** Options of a stream of rows. */
export interface RowStreamOptions {
  batchSize: number;
  seed: number;
  /** Neighbouring shards of the shuffled order whose rows are mixed, 4 by default; they are in memory together. */
  window?: number;
}

/** Where a stream stands: plain, so that it can be written to JSON. */
export interface RowStreamState {
  /** How many times all rows have been gone through. */
  epoch: number;
  /** How many rows of this epoch have been passed. */
  position: number;
  seed: number;
  window: number;
  fingerprint: string;
}

/** An endless stream of rows in seeded random order; one call at a time. */
export interface RowStream {
  next(): Promise<LatentBatch>;
  /** The next rows, not yet copied into a batch. */
  take(count: number): Promise<ShardRow[]>;
  layout: RowLayout;
  save(): RowStreamState;
  /** Continues exactly where `save()` was called. */
  restore(state: RowStreamState): void;
}

/**
 * Rows of prepared shards, each exactly once per epoch, endlessly.
 *
 * The order of an epoch follows from the seed and the epoch's number: shards are shuffled, then the rows of every
 * `window` neighbouring shards among themselves. So a position is two numbers, and only two windows are in
 * memory: the one in use and the next, which is read meanwhile. A batch in which an epoch ends is filled up from
 * the next one.
 */
export function createRowStream(shards: Shards, options: RowStreamOptions): RowStream {
  const { batchSize, seed, window = 4 } = options, { manifest, layout, fingerprint } = shards;
  for (const [name, value] of Object.entries({ "batch size": batchSize, window })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(
        `Cannot stream with a ${name} of ${value}: expected a whole number above 0`,
      );
    }
  }
  if (manifest.rows === 0) throw new RangeError(`Cannot stream ${shards.folder}: it has no rows`);

  const windows = Math.ceil(manifest.shards.length / window);
  let epoch = 0, position = 0;
  let current: OpenWindow | undefined, ahead: { key: string; window: Promise<OpenWindow> };

  const stream: RowStream = {
    layout,
    async next() {
      return collate(await stream.take(batchSize), layout);
    },
    async take(count) {
      const rows: ShardRow[] = [];
      while (rows.length < count) {
        if (position === manifest.rows) [epoch, position] = [epoch + 1, 0];
        const { start, order, contents } = await windowAt();
        for (; rows.length < count && position < start + order.length; position++) {
          const { slot, row } = unpack(order[position - start]!);
          const shard = contents[slot];
          if (shard) rows.push({ shard, row });
        }
      }
      return rows;
    },
    save: () => ({ epoch, position, seed, window, fingerprint }),
    restore(state) {
      checkState(state, { seed, window, fingerprint, rows: manifest.rows });
      ({ epoch, position } = state);
    },
  };
  return stream;

  /** The window of the current position; the one after it starts to be read. */
  async function windowAt(): Promise<OpenWindow> {
    const holds = current?.epoch === epoch && position >= current.start &&
      position < current.start + current.order.length;
    if (holds) return current!;
    const order = shardOrder(epoch);
    let index = 0, start = 0;
    for (;; index++) {
      const rows = rowsOf(order, index);
      if (position < start + rows) break;
      start += rows;
    }
    current = undefined; // What was used goes before the next but one comes.
    current = await readAhead(epoch, index);
    const last = index === windows - 1;
    readAhead(last ? epoch + 1 : epoch, last ? 0 : index + 1);
    return current;
  }

  function readAhead(epoch: number, index: number): Promise<OpenWindow> {
    const key = `${epoch}:${index}`;
    if (ahead?.key !== key) {
      ahead = { key, window: openWindow(epoch, index) };
      ahead.window.catch(() => {}); // Told when its turn comes.
    }
    return ahead.window;
  }

  async function openWindow(epoch: number, index: number): Promise<OpenWindow> {
    const order = shardOrder(epoch), chosen = inWindow(order, index);
    let start = 0;
    for (let before = 0; before < index; before++) start += rowsOf(order, before);
    const packed = new Float64Array(rowsOf(order, index));
    let filled = 0;
    for (const [slot, shard] of chosen.entries()) {
      for (let row = 0; row < manifest.shards[shard]!.rows; row++) {
        packed[filled++] = pack(slot, row);
      }
    }
    shuffle(forkRandom(seed, `rows of window ${index} of epoch ${epoch}`), packed);
    const contents = [];
    for (const shard of chosen) contents.push(await shards.shard(shard));
    return { epoch, start, order: packed, contents };
  }

  function shardOrder(epoch: number): Uint32Array {
    const order = Uint32Array.from(manifest.shards.keys());
    return shuffle(forkRandom(seed, `shards of epoch ${epoch}`), order);
  }

  function inWindow(order: Uint32Array, index: number): Uint32Array {
    return order.subarray(index * window, (index + 1) * window);
  }

  function rowsOf(order: Uint32Array, index: number): number {
    return inWindow(order, index).reduce((sum, shard) => sum + manifest.shards[shard]!.rows, 0);
  }
}

/** Some neighbouring shards of an epoch's order, whose rows are mixed. */
interface OpenWindow {
  epoch: number;
  /** Position of its first row in the epoch. */
  start: number;
  /** Its rows in the order of use, packed. */
  order: Float64Array;
  /** Undefined for shards that are skipped. */
  contents: (ShardContent | undefined)[];
}

const ROWS = 2 ** 32;
const pack = (slot: number, row: number) => slot * ROWS + row;
const unpack = (packed: number) => ({ slot: Math.floor(packed / ROWS), row: packed % ROWS });

function checkState(
  state: RowStreamState,
  here: { seed: number; window: number; fingerprint: string; rows: number },
): void {
  for (const name of ["fingerprint", "seed", "window"] as const) {
    if (state[name] === here[name]) continue;
    throw new RangeError(
      `Cannot continue with ${name} ${here[name]}: the position was saved for ${state[name]}`,
    );
  }
  const { epoch, position } = state;
  const whole = [epoch, position].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (whole && position <= here.rows) return;
  throw new RangeError(
    `Cannot continue at epoch ${epoch}, position ${position}: ` +
      `expected whole numbers, the position at most ${here.rows}`,
  );
}
