import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { kernelDistance } from "@course/evaluation/mmd.ts";
import reference from "./fixtures/distances.json" with { type: "json" };
import { matrix, normalFeatures } from "./features.ts";

Deno.test("`kernelDistance()` of two pairs of numbers is what one computes by hand", () => {
  // k(x, y) = (x y + 1)³: k(0, 1) = 1, k(1, 2) = 27; across 1, 1, 8, 27 with a mean of 9.25.
  const a = matrix([[0], [1]]), b = matrix([[1], [2]]);
  assertAlmostEquals(kernelDistance(a, b), 1 + 27 - 2 * (1 + 1 + 8 + 27) / 4, 1e-12);
});

Deno.test("`kernelDistance()` agrees with numpy", () => {
  const distance = kernelDistance(matrix(reference.a), matrix(reference.b));
  assertAlmostEquals(distance, reference.mmd, 1e-6 * reference.mmd);
});

Deno.test("`kernelDistance()` of one distribution scatters around 0 at every number of samples", () => {
  for (const count of [10, 100]) {
    const values = Array.from({ length: 60 }, (_, seed) =>
      kernelDistance(
        normalFeatures(count, 4, { seed: 1 + 2 * seed }),
        normalFeatures(count, 4, { seed: 2 + 2 * seed }),
      ));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = Math.sqrt(squares / values.length / (values.length - 1));
    assert(Math.abs(mean) < 4 * error, `mean ${mean} ± ${error} from ${count} samples`);
    assert(values.some((value) => value < 0) && values.some((value) => value > 0));
  }
});

Deno.test("`kernelDistance()` grows with the shift and sees a change of spread", () => {
  const real = normalFeatures(300, 4, { seed: 1 });
  const distance = (change: { shift?: number; scale?: number }) =>
    kernelDistance(real, normalFeatures(300, 4, { seed: 2, ...change }));
  const same = distance({}), near = distance({ shift: 0.5 }), far = distance({ shift: 1 });
  assert(same < near && near < far, `${same}, ${near}, ${far}`);
  assert(distance({ scale: 2 }) > 10 * Math.abs(same));
});

Deno.test("`kernelDistance()` refuses features of different width and single rows", () => {
  const wide = normalFeatures(3, 4), narrow = normalFeatures(3, 2);
  assertThrows(() => kernelDistance(wide, narrow), "4 features with 2");
  assertThrows(() => kernelDistance(wide, normalFeatures(1, 4)), "at least 2 rows");
});
