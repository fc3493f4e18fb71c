import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor } from "../../../tensors.ts";

export { normal } from "../normal.ts";

/** A padding mask `[B, L]`: 1 for the first tokens of each text, 0 after them. */
export function maskOf(lengths: readonly number[], length: number): HostTensor {
  const rows = lengths.flatMap((tokens) => Array.from({ length }, (_, l) => l < tokens ? 1 : 0));
  return float32([lengths.length, length], rows);
}

/** The first `count` tokens of one text: `[B, L, D]` → `[1, count, D]`. */
export function tokensOf({ data, shape }: HostTensor, text: number, count: number): HostTensor {
  const [, length, width] = shape as [number, number, number];
  const start = text * length * width;
  return float32([1, count, width], [...data.subarray(start, start + count * width)]);
}

/** A tensor whose padding is filled with a number, `[B, L, D]`. */
export function padded(tokens: HostTensor, mask: HostTensor, value: number): HostTensor {
  const width = tokens.shape[2]!;
  const numbers = Array.from(
    tokens.data,
    (number, i) => mask.data[Math.floor(i / width)] === 1 ? number : value,
  );
  return float32(tokens.shape, numbers);
}

/** What a function of tensors answers, with plain values in and out. */
export function answer(
  fn: (...args: tf.Tensor[]) => tf.Tensor,
  ...args: readonly HostTensor[]
): HostTensor {
  const result = tf.tidy(() =>
    fn(...args.map(({ data, shape, dtype }) => tf.tensor(data.slice(), [...shape], dtype)))
  );
  const numbers = new Float32Array(result.dataSync());
  result.dispose();
  return float32(result.shape, numbers);
}

/** Rows scaled to length 1, `[B, D]`. */
export function unitRows({ data, shape }: HostTensor): HostTensor {
  const width = shape[1]!;
  const lengths = Array.from(
    { length: shape[0]! },
    (_, row) => Math.hypot(...data.subarray(row * width, (row + 1) * width)),
  );
  return float32(shape, Array.from(data, (value, i) => value / lengths[Math.floor(i / width)]!));
}
