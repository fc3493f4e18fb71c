import { Matrix } from "ml-matrix";
import { assert, assertAllClose, assertAlmostEquals, assertThrows } from "@std/assert";
import { fitGaussian, frechetDistance, type Gaussian } from "@course/evaluation/frechet.ts";
import reference from "./fixtures/distances.json" with { type: "json" };
import { matrix, normalFeatures } from "./features.ts";

function gaussian(mean: number[], covariance: number[][]): Gaussian {
  return { mean: Float64Array.from(mean), covariance: new Matrix(covariance) };
}

Deno.test("`fitGaussian()` gives mean and unbiased covariance", () => {
  const { mean, covariance } = fitGaussian(matrix([[1, 2], [3, 2], [5, 8]]));
  assertAllClose(mean, [3, 4]);
  assertAllClose(covariance.to1DArray(), [4, 6, 6, 12]);
});

Deno.test("`frechetDistance()` in one dimension is (μ₁ − μ₂)² + (σ₁ − σ₂)²", () => {
  const distance = frechetDistance(gaussian([1], [[4]]), gaussian([-2], [[25]]));
  assertAlmostEquals(distance, 9 + (2 - 5) ** 2, 1e-12);
});

Deno.test("`frechetDistance()` of a Gaussian to itself is 0, also where it has no width", () => {
  const line = gaussian([1, 2], [[1, 2], [2, 4]]);
  assertAlmostEquals(frechetDistance(line, line), 0, 1e-7);
});

Deno.test("`frechetDistance()` of equal covariances is the squared shift of the mean", () => {
  const covariance = [[2, 0.5, 0], [0.5, 1, 0.2], [0, 0.2, 3]];
  const distance = frechetDistance(
    gaussian([0, 0, 0], covariance),
    gaussian([1, -2, 3], covariance),
  );
  assertAlmostEquals(distance, 14, 1e-9);
});

Deno.test("`frechetDistance()` of commuting covariances is the sum over their common axes", () => {
  // Both have the axes (1, 1) and (1, −1) / √2, with eigenvalues 9, 1 and 4, 16.
  const a = gaussian([0, 0], [[5, 4], [4, 5]]), b = gaussian([0, 0], [[10, -6], [-6, 10]]);
  assertAlmostEquals(frechetDistance(a, b), (3 - 2) ** 2 + (1 - 4) ** 2, 1e-9);
});

Deno.test("`frechetDistance()` is symmetric and agrees with numpy and scipy", () => {
  const a = fitGaussian(matrix(reference.a)), b = fitGaussian(matrix(reference.b));
  assertAlmostEquals(frechetDistance(a, b), reference.frechet, 1e-6 * reference.frechet);
  assertAlmostEquals(frechetDistance(b, a), reference.frechet, 1e-6 * reference.frechet);
});

Deno.test("`frechetDistance()` of samples of one distribution falls as samples grow", () => {
  const distance = (count: number) =>
    frechetDistance(
      fitGaussian(normalFeatures(count, 8, { seed: 1 })),
      fitGaussian(normalFeatures(count, 8, { seed: 2 })),
    );
  const few = distance(50), many = distance(2000);
  assert(many < few / 10 && many < 0.05, `${few} with 50 samples, ${many} with 2000`);
});

Deno.test("`frechetDistance()` refuses Gaussians of different size, `fitGaussian()` a single row", () => {
  const one = gaussian([0], [[1]]), two = gaussian([0, 0], [[1, 0], [0, 1]]);
  assertThrows(() => frechetDistance(one, two), "1 and 2 dimensions");
  assertThrows(() => fitGaussian(matrix([[1, 2]])), "at least 2 rows");
});
