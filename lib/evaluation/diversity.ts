import type { HostTensor } from "../tensors.ts";
import { expectFeatures, takeRows } from "./features.ts";

/**
 * Mean distance of two samples of one class, in feature space, averaged over the classes.
 *
 * Features [N, D], one label for each row. 0 if each class is always drawn the same; compare with the same number
 * for real images. NaN if no class has two samples.
 */
export function classDiversity(features: HostTensor, labels: ArrayLike<number>): number {
  expectFeatures("features", features, 1);
  if (labels.length !== features.shape[0]) {
    throw new RangeError(`There are ${labels.length} labels for ${features.shape[0]} samples`);
  }
  const rows = Map.groupBy(Array.from(labels).keys(), (row) => labels[row]!);
  const distances = [...rows.values()].filter((members) => members.length > 1)
    .map((members) => meanPairDistance(takeRows(features, members)));
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** Mean Euclidean distance of all pairs of rows of a matrix [N, D]. */
function meanPairDistance({ shape, data }: HostTensor): number {
  const [count, width] = shape as [number, number];
  let sum = 0;
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let squares = 0;
      for (let k = 0; k < width; k++) squares += (data[i * width + k]! - data[j * width + k]!) ** 2;
      sum += Math.sqrt(squares);
    }
  }
  return sum / (count * (count - 1) / 2);
}
