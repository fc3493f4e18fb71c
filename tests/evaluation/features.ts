import { forkRandom, normals, type Random } from "@course/random.ts";
import { float32, type HostTensor } from "@course/tensors.ts";

/** Rows as features [N, D]. */
export function matrix(rows: readonly (readonly number[])[]): HostTensor {
  return float32([rows.length, rows[0]!.length], rows.flat());
}

/** Normal features [count, width], moved by `shift` and scaled. */
export function normalFeatures(
  count: number,
  width: number,
  { shift = 0, scale = 1, seed = 0 } = {},
): HostTensor {
  const random: Random = forkRandom(seed, "features");
  return float32([count, width], normals(random, count * width).map((x) => scale * x + shift));
}
