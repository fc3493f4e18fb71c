import { assertEquals } from "@std/assert";
import { accepts, compare } from "../../lib/course/compare.ts";
import type { Output } from "../../lib/course/exercise.ts";
import { float32, int32 } from "../../lib/tensors.ts";

/** Expected, answer, verdict and words. */
const CASES: [what: string, expected: Output, actual: Output, verdict: string, message: string][] =
  [
    ["equal tensors", float32([2], [1, 2]), float32([2], [1, 2]), "exact", "exact"],
    ["zero and minus zero", float32([1], [0]), float32([1], [-0]), "exact", "exact"],
    ["the same NaN", float32([2], [NaN, 1]), float32([2], [NaN, 1]), "exact", "exact"],
    ["the same infinity", Infinity, Infinity, "exact", "exact"],
    ["a scalar tensor", float32([], [1]), float32([], [1]), "exact", "exact"],
    ["a small difference", 1, 1 + 2 ** -20, "close", "close (max difference 9.53674e-7)"],
    [
      "the largest of several differences, and its place",
      float32([1, 4, 2], [0, 0, 0, 0, 0, 0, 0, 0.5]),
      float32([1, 4, 2], [0, 0.0625, 0, 0, 0, 0, 0, 0.53125]),
      "different",
      "max difference 0.0625 at [0, 0, 1]: expected 0, got 0.0625",
    ],
    [
      "numbers that look alike",
      float32([1], [1e6]),
      float32([1], [1e6 + 0.125]),
      "different",
      "max difference 0.125 at [0]: expected 1000000, got 1000000.125",
    ],
    [
      "some NaN",
      float32([2, 2], [1, 2, 3, 4]),
      float32([2, 2], [1, 2, NaN, NaN]),
      "different",
      "2 of 4 numbers are NaN, the first at [1, 0]: expected 3, got NaN",
    ],
    ["a NaN alone", 2, NaN, "different", "NaN: expected 2, got NaN"],
    ["no infinity", 2, Infinity, "different", "different: expected 2, got Infinity"],
    ["another text", "cat", "dog", "different", 'different: expected "cat", got "dog"'],
    [
      "another shape",
      float32([2, 3]),
      float32([3, 2]),
      "wrong shape",
      "shape [3, 2], expected [2, 3]",
    ],
    [
      "a scalar instead of one number in a list",
      float32([1], [2]),
      float32([], [2]),
      "wrong shape",
      "shape [], expected [1]",
    ],
    [
      "an array instead of a tensor",
      float32([2, 3]),
      [1, 2, 3],
      "wrong type",
      "returned an array of 3 numbers, expected a tensor [2, 3]",
    ],
    [
      "a tensor instead of a number",
      2,
      float32([], [2]),
      "wrong type",
      "returned a tensor [], expected a number",
    ],
    [
      "whole numbers instead of floats",
      float32([2]),
      int32([2]),
      "wrong type",
      "returned an int32 tensor [2], expected a tensor [2]",
    ],
    ["null", float32([2]), null, "wrong type", "returned null, expected a tensor [2]"],
    [
      "too few in a list",
      [1, 2, 3],
      [1, 2],
      "wrong shape",
      "returned an array of 2 numbers, expected 3",
    ],
    [
      "a place in a list of tensors",
      [float32([1], [1]), float32([2], [1, 2])],
      [float32([1], [1]), float32([2], [1, 5])],
      "different",
      "max difference 3 at [1][1]: expected 2, got 5",
    ],
    [
      "a member that is missing",
      { loss: 1, grad: 2 },
      { loss: 1 },
      "wrong type",
      "returned an object with loss, expected an object with loss, grad",
    ],
    [
      "a member that is wrong",
      { loss: 1, grad: 2 },
      { grad: 3, loss: 1 },
      "different",
      "max difference 1 at .grad: expected 2, got 3",
    ],
  ];

for (const [what, expected, actual, verdict, message] of CASES) {
  Deno.test(`compare() on ${what} says "${message}"`, () => {
    const found: { verdict: string; message: string } = compare(expected, actual);
    assertEquals(found, { verdict, message });
  });
}

Deno.test("the tolerance is the last difference that is accepted", () => {
  assertEquals(accepts(float32([1], [1]), float32([1], [1.5]), 0.5), true);
  assertEquals(accepts(float32([1], [1]), float32([1], [1.5]), 0.4), false);
  assertEquals(accepts(float32([1], [1]), float32([1], [NaN]), 1e9), false);
});
