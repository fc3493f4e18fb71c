import * as tf from "@tensorflow/tfjs-core";
import { float32, type HostTensor, sizeOf } from "../tensors.ts";

/** Every number of a tensor changed; `i` counts in its memory, in which the last axis runs fastest. */
export function mapNumbers(
  { shape, data }: HostTensor,
  change: (value: number, i: number) => number,
): HostTensor {
  const changed = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) changed[i] = change(data[i]!, i);
  return float32(shape, changed);
}

/** The first of a batch `[N, …]`, as `[count, …]`; throws a RangeError if there are not as many. */
export function firstOf({ shape, data }: HostTensor, count: number): HostTensor {
  const [all = 0, ...rest] = shape;
  if (count > all) throw new RangeError(`Cannot take the first ${count} of ${all}`);
  return float32([count, ...rest], Float32Array.from(data.subarray(0, count * sizeOf(rest))));
}

/** Numbers in memory as a tensor that is computed with at once. */
export function tensorOf({ data, shape, dtype }: HostTensor): tf.Tensor {
  return tf.tensor(data, [...shape], dtype);
}

/** Mean of some numbers; NaN of none. */
export function meanOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum / numbers.length;
}
