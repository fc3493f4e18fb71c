import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { classDiversity } from "@course/evaluation/diversity.ts";
import { matrix } from "./features.ts";

Deno.test("`classDiversity()` is the mean distance within classes, each class counting once", () => {
  // Class 0: distances 5, 5, 0 with a mean of 10/3. Class 1: 2. Class 2 has one sample only.
  const features = matrix([[0, 0], [3, 4], [3, 4], [9, 0], [9, 2], [100, 100]]);
  assertAlmostEquals(classDiversity(features, [0, 0, 0, 1, 1, 2]), (10 / 3 + 2) / 2, 1e-12);
});

Deno.test("`classDiversity()` is 0 where every class is drawn alike", () => {
  const features = matrix([[1, 2], [5, 5], [1, 2], [5, 5]]);
  assertEquals(classDiversity(features, [3, 7, 3, 7]), 0);
});

Deno.test("`classDiversity()` refuses labels that do not fit", () => {
  assertThrows(() => classDiversity(matrix([[1], [2]]), [0]), "1 labels for 2 samples");
});
