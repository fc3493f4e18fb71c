import type { HostTensor } from "../tensors.ts";
import { expectFeatures, expectSameWidth } from "./features.ts";

/** k(x, y) = (x·y / D + 1)³, the kernel of KID. */
function cubic(product: number, width: number): number {
  return (product / width + 1) ** 3;
}

/**
 * Kernel distance: the unbiased estimate of MMD² with the cubic kernel (x·y / D + 1)³.
 *
 * Without unit; 0 on average if both sets [N, D] and [M, D] come from one distribution, so single values may lie a
 * little below 0. Of Inception features this is KID (Bińkowski et al. 2018). Unlike the Fréchet distance its
 * expectation does not depend on the number of samples.
 */
export function kernelDistance(
  a: HostTensor,
  b: HostTensor,
  /** `meanWithin(b)`, if it is known already. */
  withinB: number = meanWithin(b),
): number {
  expectSameWidth(a, b);
  return meanWithin(a) + withinB - 2 * meanAcross(a, b);
}

/** Mean kernel of all pairs of different rows of features [N, D]: the part of MMD² that one set alone decides. */
export function meanWithin(features: HostTensor): number {
  expectFeatures("features", features, 2);
  const count = features.shape[0]!;
  let sum = 0;
  for (let i = 1; i < count; i++) sum += sumOfKernels(features, i, features, i);
  return sum / (count * (count - 1) / 2);
}

/** Mean kernel of all pairs of one row from each. */
function meanAcross(a: HostTensor, b: HostTensor): number {
  const [countA, countB] = [a.shape[0]!, b.shape[0]!];
  let sum = 0;
  for (let i = 0; i < countA; i++) sum += sumOfKernels(a, i, b, countB);
  return sum / (countA * countB);
}

/** Sum of the kernels of row i of a and the first `count` rows of b. */
function sumOfKernels(a: HostTensor, i: number, b: HostTensor, count: number): number {
  const width = a.shape[1]!, row = a.data.subarray(i * width, (i + 1) * width), rows = b.data;
  let sum = 0;
  for (let j = 0, at = 0; j < count; j++) {
    let product = 0;
    for (let k = 0; k < width; k++) product += row[k]! * rows[at++]!;
    sum += cubic(product, width);
  }
  return sum;
}
