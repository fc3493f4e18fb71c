import { assertEquals } from "@std/assert";
import { guessMistake } from "../../lib/course/guess_mistake.ts";
import { float32 } from "../../lib/tensors.ts";

const right = float32([2, 3], [1, -2, 3, 4, 5, -6]);
const changed = (change: (value: number) => number, shape = right.shape) =>
  float32(shape, Float32Array.from(right.data, change));

const CASES: [
  what: string,
  answer: Parameters<typeof guessMistake>[1],
  guess: string | undefined,
][] = [
  ["a flipped sign", changed((x) => -x), "Every number has the opposite sign."],
  ["a missing factor", changed((x) => x / 3), "Every number is 0.3333 times what was expected."],
  ["an offset", changed((x) => x - 0.5), "Every number is 0.5 less than expected."],
  [
    "another order",
    float32([3, 2], [1, 4, -2, 5, 3, -6]),
    "The numbers are the right ones, but in other places: is an axis, or a reshape, mixed up?",
  ],
  ["one wrong number", changed((x) => x === 3 ? 4 : x), undefined],
  ["a square", changed((x) => x * x), undefined],
  ["zeros", changed(() => 0), undefined],
  ["no tensor", 3, undefined],
  ["fewer numbers", float32([1], [1]), undefined],
];

for (const [what, answer, guess] of CASES) {
  Deno.test(`${what} is ${guess ? "recognised" : "not taken for a pattern"}`, () => {
    assertEquals(guessMistake(right, answer), guess);
  });
}

Deno.test("a few numbers show no pattern", () => {
  assertEquals(guessMistake(float32([2], [1, 2]), float32([2], [-1, -2])), undefined);
});
