import { createRandom, normals } from "../../../random.ts";
import { float32, type HostTensor, sizeOf } from "../../../tensors.ts";

/** Standard normal numbers of a shape, always the same for a seed. */
export function normal(shape: readonly number[], seed: number): HostTensor {
  return float32(shape, normals(createRandom(seed), sizeOf(shape)));
}

/** The rows of a matrix `[N, D]`. */
export function rowsOf({ shape, data }: HostTensor): Float32Array<ArrayBuffer>[] {
  const [count, width] = shape as [number, number];
  return Array.from({ length: count }, (_, i) => {
    return Float32Array.from(data.subarray(i * width, (i + 1) * width));
  });
}

/** Mean of a list. */
export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
