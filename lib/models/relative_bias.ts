import * as tf from "@tensorflow/tfjs-core";
import { type Initialiser, param, parameter, type ParamSpecs } from "../nn/mod.ts";
import type { TensorRecord } from "../tensors.ts";

/** Rows and columns of a grid of tokens. */
export interface TokenGrid {
  rows: number;
  columns: number;
}

/** Where the first heads look at first, as steps down and to the right: at the four neighbours. */
const NEIGHBOURS = [[-1, 0], [1, 0], [0, -1], [0, 1]] as const;
/** How sharply: a token one step beside the spot gets 1/e of its weight. */
const LOCALITY = 1;

/** Parameters of {@linkcode relativeBias}: one number for each offset of two tokens and each head, `[offsets, heads]`. */
export function relativeBiasSpecs(name: string, grid: TokenGrid, heads: number): ParamSpecs {
  return { [`${name}.relative_bias`]: param([offsetsOf(grid), heads], lookAround(grid, heads)) };
}

/**
 * What is added to attention's scores for where a key lies as seen from its query: `[1, heads, N, N]` (as in Swin, Liu
 * et al. 2021). The same for all pairs with the same offset, so what a head learns about neighbours in one place holds
 * everywhere.
 */
export function relativeBias(
  params: TensorRecord,
  name: string,
  which: tf.Tensor,
  tokens: number,
): tf.Tensor {
  const table = parameter(params, `${name}.relative_bias`), heads = table.shape[1]!;
  const pairs = tf.reshape(tf.matMul(which, table), [tokens, tokens, heads]);
  return tf.expandDims(tf.transpose(pairs, [2, 0, 1]), 0);
}

/** Which offset each pair of query and key has, as rows of a unit matrix: `[N · N, offsets]`. */
export function offsetMatrix({ rows, columns }: TokenGrid): Float32Array<ArrayBuffer> {
  const tokens = rows * columns, offsets = offsetsOf({ rows, columns });
  const matrix = new Float32Array(tokens * tokens * offsets);
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) {
      const down = Math.floor(key / columns) - Math.floor(query / columns);
      const right = key % columns - query % columns;
      const offset = (down + rows - 1) * (2 * columns - 1) + right + columns - 1;
      matrix[(query * tokens + key) * offsets + offset] = 1;
    }
  }
  return matrix;
}

/** Number of offsets that two tokens of a grid can have. */
export function offsetsOf({ rows, columns }: TokenGrid): number {
  return (2 * rows - 1) * (2 * columns - 1);
}

/**
 * The first four heads begin as looks at the four neighbours, −‖offset − neighbour‖², so that the transformer begins as
 * something like a convolution (ConViT, d'Ascoli et al. 2021); the others begin without preference.
 */
function lookAround({ rows, columns }: TokenGrid, heads: number): Initialiser {
  return () => {
    const table = new Float32Array(offsetsOf({ rows, columns }) * heads);
    for (let down = 1 - rows; down < rows; down++) {
      for (let right = 1 - columns; right < columns; right++) {
        const offset = (down + rows - 1) * (2 * columns - 1) + right + columns - 1;
        NEIGHBOURS.slice(0, heads).forEach(([y, x], head) => {
          table[offset * heads + head] = -LOCALITY * ((down - y) ** 2 + (right - x) ** 2);
        });
      }
    }
    return table;
  };
}
