import { type HostTensor } from "../../../tensors.ts";

export { normal } from "../normal.ts";

/** The rows of a matrix `[N, D]`. */
export function rowsOf({ shape, data }: HostTensor): Float32Array<ArrayBuffer>[] {
  const [count, width] = shape as [number, number];
  return Array.from({ length: count }, (_, i) => {
    return Float32Array.from(data.subarray(i * width, (i + 1) * width));
  });
}
