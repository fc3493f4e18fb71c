import { createRandom, normals } from "../../random.ts";
import { float32, type HostTensor, sizeOf } from "../../tensors.ts";

/** Normal numbers of a shape, standard unless told otherwise, always the same for a seed. */
export function normal(
  shape: readonly number[],
  seed: number,
  { mean = 0, deviation = 1 }: { mean?: number; deviation?: number } = {},
): HostTensor {
  const numbers = normals(createRandom(seed), sizeOf(shape));
  return float32(shape, numbers.map((value) => mean + deviation * value));
}
