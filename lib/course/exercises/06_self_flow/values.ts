import { createRandom } from "../../../random.ts";
import { float32, type HostTensor, sizeOf } from "../../../tensors.ts";

export { normal } from "../normal.ts";

/** Numbers from 0 to 1 of a shape, always the same for a seed. */
export function uniform(shape: readonly number[], seed: number): HostTensor {
  const random = createRandom(seed);
  return float32(shape, Array.from({ length: sizeOf(shape) }, () => random.uniform()));
}

/** A generator that hands out these numbers one by one, for library functions that draw their own. */
export function drawsOf(numbers: ArrayLike<number>) {
  const real = createRandom(0);
  let next = 0;
  return { ...real, uniform: () => numbers[next++]! };
}
