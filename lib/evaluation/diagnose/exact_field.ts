/**
 * The velocity field of N points, in closed form.
 *
 * With data that are exactly the N examples x0ᵢ, x_t = (1 − t)·x0 + t·x1 and normal x1, Bayes' rule gives
 *
 *   p(i | x_t) ∝ exp(−‖x_t − (1 − t)·x0ᵢ‖² / 2t²),   x̂0 = Σ p(i | x_t)·x0ᵢ,   v = (x_t − x̂0) / t.
 *
 * This is what a model that has memorised its examples says, and the least loss that any model can have on them.
 */
export function exactVelocity(
  x: Float32Array,
  t: number,
  points: readonly Float32Array[],
): Float32Array<ArrayBuffer> {
  if (!(t > 0 && t <= 1)) {
    throw new RangeError(
      `The field of points is not defined at noise level ${t}: expected 0 < t ≤ 1`,
    );
  }
  const data = posteriorMean(x, t, points);
  return data.map((value, i) => (x[i]! - value) / t);
}

/** The mean of the points, each weighted by how likely it is to lie behind x at noise level t. */
export function posteriorMean(
  x: Float32Array,
  t: number,
  points: readonly Float32Array[],
): Float32Array<ArrayBuffer> {
  if (points.length === 0) throw new RangeError("There are no points to take the mean of");
  const logs = points.map((point) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i]! - (1 - t) * point[i]!) ** 2;
    return -sum / (2 * t * t);
  });
  const highest = Math.max(...logs), weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float32Array(x.length);
  points.forEach((point, n) => {
    const weight = weights[n]! / total;
    // Most points are out of the question near the data.
    if (weight < 1e-9) return;
    for (let i = 0; i < mean.length; i++) mean[i]! += weight * point[i]!;
  });
  return mean;
}
