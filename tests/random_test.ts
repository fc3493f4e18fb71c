import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom, forkRandom, normals, shuffle } from "@course/random.ts";

Deno.test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number) => normals(createRandom(seed), 20);
  assertEquals(draw(3), draw(3));
  assert(draw(3)[0] !== draw(4)[0]);
});

Deno.test("neighbouring seeds have nothing to do with each other", () => {
  // First numbers of 2,000 seeds in a row: uniform, and each uncorrelated with the next.
  const first = Array.from({ length: 2000 }, (_, seed) => createRandom(seed).uniform());
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  assertAlmostEquals(mean, 0.5, 0.03);
  let covariance = 0;
  for (let i = 1; i < first.length; i++) covariance += (first[i]! - 0.5) * (first[i - 1]! - 0.5);
  assertAlmostEquals(covariance / first.length / (1 / 12), 0, 0.08);
});

Deno.test("`normals()` have mean 0, variance 1 and the right share beyond two deviations", () => {
  const values = normals(createRandom(1), 200_000);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const tail = values.filter((value) => Math.abs(value) > 2).length / values.length;
  assertAlmostEquals(mean, 0, 0.01);
  assertAlmostEquals(variance, 1, 0.015);
  assertAlmostEquals(tail, 0.0455, 0.002);
});

Deno.test("a saved generator goes on where it was, also between the two numbers of a pair", () => {
  const random = createRandom(5);
  random.normal();
  const copy = createRandom(JSON.parse(JSON.stringify(random.save())));
  for (let i = 0; i < 10; i++) assertEquals(copy.normal(), random.normal());
});

Deno.test("`forkRandom()` gives an independent stream for each purpose", () => {
  const a = normals(forkRandom(1, "noise"), 5000), b = normals(forkRandom(1, "data"), 5000);
  const product = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length;
  assertAlmostEquals(product, 0, 0.05);
});

Deno.test("`integer()` reaches every number equally often", () => {
  const random = createRandom(2), counts = new Array(10).fill(0);
  for (let i = 0; i < 50_000; i++) counts[random.integer(10)]++;
  for (const count of counts) assertAlmostEquals(count / 50_000, 0.1, 0.006);
});

Deno.test("`shuffle()` keeps every element and moves them about", () => {
  const shuffled = shuffle(createRandom(9), Array.from({ length: 100 }, (_, i) => i));
  assertEquals(shuffled.toSorted((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
  assert(shuffled.some((value, i) => value !== i));
});
