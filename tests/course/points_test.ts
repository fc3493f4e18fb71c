import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import "@course/course/eager.ts";
import * as tf from "@tensorflow/tfjs-core";
import {
  arrowsAt,
  comparePoints,
  drawPoints,
  exactVelocity,
  gridPoints,
  listPoints,
  type Shape,
  SHAPES,
} from "@course/course/points.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";

Deno.test("drawPoints() fills a shape that lies around the middle, the same for a seed", () => {
  for (const shape of Object.keys(SHAPES) as Shape[]) {
    const points = drawPoints(shape, 400, createRandom(1));
    assertEquals(points.shape, [400, 2]);
    assertEquals(points, drawPoints(shape, 400, createRandom(1)));
    for (const axis of [0, 1] as const) {
      const values = listPoints(points).map((point) => point[axis]);
      assert(Math.max(...values) < 2.5 && Math.min(...values) > -2.5, `${shape} is too large`);
      assert(Math.abs(values.reduce((sum, value) => sum + value, 0) / 400) < 0.35, shape);
    }
  }
  const [x, y] = listPoints(drawPoints("ring", 1, createRandom(3), { jitter: 0 }))[0]!;
  assertAlmostEquals(Math.hypot(x, y), 1.5, 1e-6);
  assertThrows(
    () => drawPoints("cube" as Shape, 1, createRandom(1)),
    'There is no shape "cube": choose one of moons, ring, spiral',
  );
});

Deno.test("gridPoints() spreads points evenly, rows from low to high", () => {
  const corners = listPoints(gridPoints(3, 2));
  assertEquals([corners[0], corners[1], corners[8]], [[-2, -2], [0, -2], [2, 2]]);
  assertEquals(arrowsAt(gridPoints(2, 1), gridPoints(2, 5))[3], [1, 1, 5, 5]);
});

Deno.test("exactVelocity() of a single sharp point leads away from it, as fast as t tells", () => {
  const x = tf.tensor2d([[3, 0], [0, 5]]), t = tf.tensor1d([0.5, 0.8]);
  const v = exactVelocity(float32([1, 2], [1, 1]), x, t, { jitter: 0 });
  // (x − x0) / t
  const expected = [[4, -2], [-1.25, 5]];
  (v.arraySync() as number[][]).forEach((row, i) =>
    row.forEach((value, k) => assertAlmostEquals(value, expected[i]![k]!, 1e-5))
  );
});

Deno.test("exactVelocity() is the mean velocity of the paths that pass a place", () => {
  const random = createRandom(4), centres = float32([3, 2], [-1, 0, 1, 0, 0, 1]);
  const place = [0.2, 0.3], t = 0.5, jitter = 0.3;
  const sum = [0, 0];
  let passing = 0;
  for (let i = 0; i < 400_000; i++) {
    const k = random.integer(3);
    const x0 = [0, 1].map((axis) => centres.data[2 * k + axis]! + jitter * random.normal());
    const x1 = [random.normal(), random.normal()];
    const x = [0, 1].map((axis) => (1 - t) * x0[axis]! + t * x1[axis]!);
    if (Math.hypot(x[0]! - place[0]!, x[1]! - place[1]!) > 0.1) continue;
    passing++;
    [0, 1].forEach((axis) => sum[axis]! += x1[axis]! - x0[axis]!);
  }
  const exact = exactVelocity(centres, tf.tensor2d([place]), tf.tensor1d([t]), { jitter });
  assert(passing > 3000, `only ${passing} paths pass`);
  // Three standard errors of the mean of about 5,000 velocities.
  [...exact.dataSync()].forEach((value, axis) =>
    assertAlmostEquals(sum[axis]! / passing, value, 0.06)
  );
});

Deno.test("exactVelocity() is finite far away and at both ends of time", () => {
  const x = tf.tensor2d([[50, -50], [0, 0], [1, 1]]), t = tf.tensor1d([0.01, 0, 1]);
  const values = exactVelocity(drawPoints("moons", 20, createRandom(1)), x, t).dataSync();
  assert(values.every(Number.isFinite), `${values}`);
});

Deno.test("comparePoints() tells points in wrong places from places without points", () => {
  const real = float32([2, 2], [0, 0, 10, 0]);
  assertEquals(comparePoints(real, real), { stray: 0, missed: 0 });
  assertEquals(comparePoints(float32([1, 2], [0, 0]), real), { stray: 0, missed: 5 });
  assertEquals(comparePoints(float32([3, 2], [0, 0, 10, 0, 0, 3]), real), { stray: 1, missed: 0 });
  const noise = float32([300, 2], normals(createRandom(2), 600));
  const moons = drawPoints("moons", 300, createRandom(3));
  const fresh = drawPoints("moons", 300, createRandom(4));
  assert(comparePoints(fresh, moons).stray < comparePoints(noise, moons).stray / 5);
});
