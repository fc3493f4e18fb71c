import { float32, type HostTensor, sizeOf } from "../../../tensors.ts";

export { normal } from "../normal.ts";

/** A tensor whose numbers follow from those of others of the same shape, one by one. */
export function each(
  fn: (...numbers: number[]) => number,
  ...tensors: readonly [HostTensor, ...HostTensor[]]
): HostTensor {
  const [{ shape, data }] = tensors;
  return float32(shape, Array.from(data, (_, i) => fn(...tensors.map(({ data }) => data[i]!))));
}

/** One number for each example, computed from the places of its numbers in the data: `[B]`. */
export function perExample(
  { shape, data }: HostTensor,
  fn: (places: readonly number[]) => number,
): HostTensor {
  const [batch = 0, ...rest] = shape, size = sizeOf(rest);
  const numbers = Array.from(
    { length: batch },
    (_, b) => fn(Array.from({ length: size }, (_, i) => b * size + i)),
  );
  if (batch * size !== data.length) throw new RangeError("Shape and data differ");
  return float32([batch], numbers);
}

/** Sum of a list. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
