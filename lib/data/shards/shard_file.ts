import { createTar, parseTar } from "nanotar";
import { POOLED_WIDTH } from "../../text/prompt_encoder.ts";
import type { PictureFacts } from "../pictures/facts.ts";
import type { RowLayout } from "./manifest.ts";
import { type NpyArray, readNpy, writeNpy } from "./npy.ts";

/** What is known about a row besides its numbers. */
export interface RowInfo {
  /** Unlike that of every other row of the dataset. */
  id: string;
  caption: string;
  /** The exact truth, where it is known. */
  facts?: PictureFacts;
  /** Index of the class, where there are classes. */
  label?: number;
}

/** The rows of a shard. */
export interface ShardContent {
  /** One JSON object per row: {@linkcode RowInfo}. */
  lines: readonly string[];
  /** Scaled latents `[R, h, w, c]`. */
  latents: Float16Array<ArrayBuffer>;
  /** Each distinct text once; null for rows without texts. */
  texts: ShardTexts | null;
}

/** The T distinct texts of a shard. */
export interface ShardTexts {
  /** Which text each row has, `[R]`. */
  ofRow: Int32Array<ArrayBuffer>;
  /** Pooled vectors `[T, 512]`. */
  pooled: Float16Array<ArrayBuffer>;
  /** Token vectors of all texts one after another, without padding: `[sum of counts, D]`. */
  tokens: Float16Array<ArrayBuffer>;
  /** How many tokens each text has, `[T]`. */
  counts: Int32Array<ArrayBuffer>;
}

/** Permissions, owner and date are fixed, so that the same rows always give the same bytes. */
const ATTRIBUTES = { mode: "644", uid: 0, gid: 0, mtime: 0 };

/**
 * The bytes of a shard: a tar file of `rows.jsonl` and numpy arrays, one member each for all rows, since a header
 * and a padding per row would cost more than a small latent.
 */
export function encodeShard(content: ShardContent, layout: RowLayout): Uint8Array<ArrayBuffer> {
  const { lines, latents, texts } = content, rows = lines.length;
  const array = (shape: number[], data: NpyArray["data"]) => writeNpy({ shape, data });
  const members = [
    { name: "rows.jsonl", data: new TextEncoder().encode(lines.join("\n") + "\n") },
    { name: "latents.npy", data: array([rows, ...layout.latentShape], latents) },
  ];
  if (texts) {
    const { ofRow, pooled, tokens, counts } = texts, width = layout.text!.tokenWidth;
    members.push(
      { name: "text_of_row.npy", data: array([rows], ofRow) },
      { name: "pooled.npy", data: array([counts.length, POOLED_WIDTH], pooled) },
      { name: "token_counts.npy", data: array([counts.length], counts) },
      {
        name: "tokens.npy",
        data: array([width === 0 ? 0 : tokens.length / width, width], tokens),
      },
    );
  }
  const tar = createTar(members, { attrs: ATTRIBUTES }) as Uint8Array<ArrayBuffer>;
  // nanotar rounds up to 10,240 bytes, and where that adds nothing, leaves out the two empty blocks of the end.
  const used = members.reduce((sum, { data }) => sum + 512 + Math.ceil(data.length / 512) * 512, 0);
  if (tar.length >= used + 1024) return tar;
  const ended = new Uint8Array(tar.length + 10_240);
  ended.set(tar);
  return ended;
}

/**
 * Reads the bytes of a shard; arrays are views of the bytes.
 *
 * Throws a RangeError that names what is missing or has another shape than the manifest says.
 */
export function decodeShard(
  bytes: Uint8Array<ArrayBuffer>,
  layout: RowLayout,
  rows: number,
): ShardContent {
  // nanotar looks at the whole buffer under a view.
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  const members = new Map(parseTar(whole).map(({ name, data }) => [name, data]));
  const member = (name: string) => {
    const data = members.get(name);
    if (!data) throw new RangeError(`${name} is missing in it`);
    return data as Uint8Array<ArrayBuffer>;
  };
  const array = <T extends NpyArray["data"]>(
    name: string,
    type: { new (length: number): T },
    shape: (number | undefined)[],
  ): T => {
    const found = readNpy(member(name), name);
    const same = found.shape.length === shape.length &&
      shape.every((size, axis) => size === undefined || size === found.shape[axis]);
    if (!same || !(found.data instanceof type)) {
      const expected = shape.map((size) => size ?? "any").join(", ");
      throw new RangeError(
        `${name} holds ${found.data.constructor.name} [${found.shape.join(", ")}], ` +
          `expected ${type.name} [${expected}]`,
      );
    }
    return found.data;
  };

  const lines = new TextDecoder().decode(member("rows.jsonl")).trimEnd().split("\n");
  if (lines.length !== rows) {
    throw new RangeError(`rows.jsonl holds ${lines.length} rows, expected ${rows}`);
  }
  const latents = array("latents.npy", Float16Array, [rows, ...layout.latentShape]);
  if (!layout.text) return { lines, latents, texts: null };

  const counts = array("token_counts.npy", Int32Array, [undefined]);
  const width = layout.text.tokenWidth;
  const sum = counts.reduce((sum, count) => sum + count, 0);
  const texts = {
    ofRow: array("text_of_row.npy", Int32Array, [rows]),
    pooled: array("pooled.npy", Float16Array, [counts.length, POOLED_WIDTH]),
    tokens: array("tokens.npy", Float16Array, [width === 0 ? 0 : sum, width]),
    counts,
  };
  if (texts.ofRow.some((text) => text < 0 || text >= counts.length)) {
    throw new RangeError(`text_of_row.npy names a text that is not among the ${counts.length}`);
  }
  return { lines, latents, texts };
}
