import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { HostTensor } from "../tensors.ts";
import { expectFeatures } from "./features.ts";

/** Mean [D] and covariance [D, D] of features. */
export interface Gaussian {
  mean: Float64Array;
  covariance: Matrix;
}

/**
 * Fréchet distance of two Gaussians: ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½).
 *
 * In the units of the features, squared; 0 if and only if the Gaussians are equal. Of Inception features this is
 * FID (Heusel et al. 2017). It is biased upwards by few samples: compare only numbers from equally many.
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const size = a.mean.length;
  if (b.mean.length !== size) {
    throw new RangeError(`Cannot compare Gaussians of ${size} and ${b.mean.length} dimensions`);
  }
  let shift = 0;
  for (let i = 0; i < size; i++) shift += (a.mean[i]! - b.mean[i]!) ** 2;
  const root = squareRoot(a.covariance);
  const product = root.mmul(b.covariance).mmul(root);
  const crossed = eigen(product).realEigenvalues.reduce((sum, x) => sum + positiveRoot(x), 0);
  const distance = shift + a.covariance.trace() + b.covariance.trace() - 2 * crossed;
  // Rounding can leave a hair less than nothing.
  return Math.max(0, distance);
}

/** The Gaussian with the mean and the unbiased covariance (divided by N − 1) of features [N, D]. */
export function fitGaussian(features: HostTensor): Gaussian {
  expectFeatures("features", features, 2);
  const [count, width] = features.shape as [number, number];
  const mean = new Float64Array(width);
  for (let i = 0; i < features.data.length; i++) mean[i % width]! += features.data[i]! / count;
  const centred = new Matrix(count, width);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) {
      centred.set(i, j, features.data[i * width + j]! - mean[j]!);
    }
  }
  return { mean, covariance: centred.transpose().mmul(centred).div(count - 1) };
}

/** The symmetric square root of a symmetric matrix without negative eigenvalues. */
function squareRoot(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = eigen(matrix);
  return vectors.mmul(Matrix.diag(realEigenvalues.map(positiveRoot))).mmul(vectors.transpose());
}

function eigen(matrix: Matrix): EigenvalueDecomposition {
  // Exactly symmetric, so that rounding cannot make eigenvalues complex.
  const symmetric = Matrix.add(matrix, matrix.transpose()).div(2);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
}

function positiveRoot(eigenvalue: number): number {
  return Math.sqrt(Math.max(0, eigenvalue));
}
