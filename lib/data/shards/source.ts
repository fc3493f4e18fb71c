import type { RowInfo } from "./shard_file.ts";

/** Rows on their way into shards. */
export interface RowSource {
  name: string;
  /** Differs whenever the rows differ. */
  fingerprint: string;
  /** One sentence for people. */
  description: string;
  /** How many rows there will be; undefined where that is not known before. */
  size: number | undefined;
  /** What comes with a row: an image that is still to be encoded, or a scaled latent. */
  holds:
    | { kind: "images"; shape: Shape }
    | { kind: "latents"; shape: Shape; codec: { name: string; fingerprint: string } };
  /** Whether rows bring their own pooled vectors, instead of captions that are to be encoded. */
  pooled: boolean;
  /**
   * The next rows, at most so many, from a place: null for the beginning, later the `next` of the block before.
   * The same place must always give the same rows, so that preparing can go on anywhere.
   */
  read(from: SourcePlace, count: number): Promise<SourceBlock>;
  dispose?(): Promise<void>;
}

/** A place in a source: plain, so that it can be written to JSON. */
export type SourcePlace = unknown;

/** Neighbouring rows of a source. */
export interface SourceBlock {
  rows: RowInfo[];
  /** Images [B, H, W, C] in [−1, 1], or latents [B, h, w, c]. */
  data: Float32Array<ArrayBuffer>;
  /** Pooled vectors [B, 512], where rows bring their own. */
  pooled?: Float32Array<ArrayBuffer>;
  /** Where the rows after these are. */
  next: SourcePlace;
  /** Whether there are none after these. */
  done: boolean;
}

type Shape = readonly [height: number, width: number, channels: number];

/** Reads a source one call after another, and ahead of need. */
export interface AheadReader {
  read: RowSource["read"];
  /** Waits until nothing is being read any more. */
  settle(): Promise<void>;
}

/** Reads a source while what it gave before is in use: the block after each block is asked for at once. */
export function readAhead(source: RowSource): AheadReader {
  let waiting: { key: string; block: Promise<SourceBlock> } | undefined;
  const keyOf = (from: SourcePlace, count: number) => JSON.stringify([from, count]);
  const settle = async () => void await waiting?.block.catch(() => {});
  return {
    settle,
    async read(from, count) {
      const key = keyOf(from, count);
      if (waiting?.key !== key) await settle();
      const block = await (waiting?.key === key ? waiting.block : source.read(from, count));
      waiting = undefined;
      if (!block.done) {
        waiting = { key: keyOf(block.next, count), block: source.read(block.next, count) };
        waiting.block.catch(() => {}); // Told when its turn comes.
      }
      return block;
    },
  };
}
