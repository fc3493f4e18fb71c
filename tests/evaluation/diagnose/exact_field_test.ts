import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { exactVelocity, posteriorMean } from "@course/evaluation/diagnose/exact_field.ts";
import { agreement } from "@course/evaluation/diagnose/numbers.ts";

const points = [[1, 0], [-1, 0], [0, 2]].map((point) => Float32Array.from(point));

Deno.test("the field of one point leads straight away from it at every noise level", () => {
  const [point] = points as [Float32Array];
  for (const t of [0.1, 0.5, 1]) {
    const x = Float32Array.from([0.3, -0.7]);
    const velocity = exactVelocity(x, t, [point]);
    x.forEach((value, i) => assertAlmostEquals(velocity[i]!, (value - point[i]!) / t, 1e-5));
  }
});

Deno.test("at pure noise the field of several points leads away from their mean", () => {
  const x = Float32Array.from([0.5, 0.5]), velocity = exactVelocity(x, 1, points);
  assertAlmostEquals(velocity[0]!, 0.5, 1e-6);
  assertAlmostEquals(velocity[1]!, 0.5 - 2 / 3, 1e-6);
});

Deno.test("half way between two points the posterior is that of a logistic function", () => {
  // log p(1)/p(2) = 2 (1 − t) x / t² for points at ±1.
  const t = 0.6, x = 0.2;
  const mean = posteriorMean(Float32Array.from([x, 0]), t, points.slice(0, 2));
  const odds = 1 / (1 + Math.exp(-2 * (1 - t) * x / t ** 2));
  assertAlmostEquals(mean[0]!, 2 * odds - 1, 1e-6);
});

Deno.test("near the data the field knows the point, however many there are", () => {
  const t = 0.01, x = Float32Array.from([0.99, 0.01]);
  const mean = posteriorMean(x, t, points);
  assertAlmostEquals(mean[0]!, 1, 1e-6);
  assertAlmostEquals(mean[1]!, 0, 1e-6);
});

Deno.test("the field is refused at noise level 0, where it is not defined", () => {
  assertThrows(() => exactVelocity(new Float32Array(2), 0, points), "0 < t");
  assertThrows(() => posteriorMean(new Float32Array(2), 0.5, []), "no points");
});

Deno.test("agreement is −1 for a flipped field and shows another scale as the slope", () => {
  const field = points.map((point) => exactVelocity(point, 0.7, points));
  const times = (factor: number) => field.map((vector) => vector.map((value) => factor * value));
  const flipped = agreement(times(-1), field), double = agreement(times(2), field);
  assertAlmostEquals(flipped.slope, -1, 1e-6);
  assertAlmostEquals(flipped.correlation, -1, 1e-6);
  assertAlmostEquals(double.slope, 2, 1e-6);
  assertAlmostEquals(double.scale, 2, 1e-6);
  assertAlmostEquals(double.correlation, 1, 1e-6);
  assert(Number.isFinite(agreement(times(0), field).correlation));
});

Deno.test("a mean that knows little has a small slope, and a scale of 1", () => {
  // One answer for two that are equally likely: their mean.
  const [one, other] = [Float32Array.from([2, 0]), Float32Array.from([0, 2])];
  const guess = Float32Array.from([1, 1]);
  const { slope, scale } = agreement([guess, guess], [one, other]);
  assertAlmostEquals(slope, 0.5, 1e-6);
  assertAlmostEquals(scale, 1, 1e-6);
});
