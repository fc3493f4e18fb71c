import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../lib/random.ts";
import {
  constant,
  fans,
  type Initialiser,
  kaimingNormal,
  normal,
  xavierUniform,
  zeros,
} from "../../lib/nn/initialisers.ts";

function moments(init: Initialiser, shape: number[]) {
  const values = init(shape, createRandom(1));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { values, mean, deviation: Math.sqrt(variance) };
}

Deno.test("`zeros` and `constant()` fill the shape with one number", () => {
  assertEquals([...zeros([2, 2], createRandom(1))], [0, 0, 0, 0]);
  assertEquals([...constant(1.5)([3], createRandom(1))], [1.5, 1.5, 1.5]);
});

Deno.test("`normal()` draws numbers of mean 0 and the given deviation", () => {
  const { mean, deviation } = moments(normal(0.02), [100, 100]);
  assertAlmostEquals(mean, 0, 0.001);
  assertAlmostEquals(deviation, 0.02, 0.001);
});

Deno.test("`xavierUniform()` has variance 2 / (in + out) within its bound", () => {
  const { values, deviation } = moments(xavierUniform(), [100, 300]);
  assertAlmostEquals(deviation, Math.sqrt(2 / 400), 0.001);
  const bound = Math.sqrt(6 / 400);
  assert(values.every((value) => Math.abs(value) <= bound));
  assert(values.some((value) => Math.abs(value) > 0.99 * bound));
});

Deno.test("`kaimingNormal()` has variance 2 / in, where a convolution's in counts its kernel", () => {
  assertAlmostEquals(moments(kaimingNormal(), [3, 3, 16, 64]).deviation, Math.sqrt(2 / 144), 0.004);
  assertAlmostEquals(moments(kaimingNormal(1), [64, 64]).deviation, 1 / 8, 0.005);
});

Deno.test("`fans()` counts inputs and outputs, and refuses shapes without both", () => {
  assertEquals(fans([8, 16]), { fanIn: 8, fanOut: 16 });
  assertEquals(fans([3, 5, 8, 16]), { fanIn: 120, fanOut: 240 });
  assertThrows(() => fans([8]), "Cannot tell inputs from outputs in shape [8]");
});
