import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  meanInterval,
  medianInterval,
  pairedDifference,
  studentQuantile,
} from "@course/evaluation/compare/statistics.ts";
import { createRandom } from "@course/random.ts";

Deno.test("`studentQuantile()` has the values of printed tables", () => {
  const printed: [degrees: number, upper: number][] = [
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [9, 2.2622],
    [29, 2.0452],
    [100, 1.984],
    [1e6, 1.96],
  ];
  for (const [degrees, value] of printed) {
    assertAlmostEquals(studentQuantile(0.975, degrees), value, 5e-5);
  }
  assertAlmostEquals(studentQuantile(0.95, 10), 1.8125, 5e-5);
  assertAlmostEquals(studentQuantile(0.995, 5), 4.0321, 5e-5);
  assertAlmostEquals(studentQuantile(0.025, 4), -2.7764, 5e-5);
});

Deno.test("with one degree of freedom the quantile is Cauchy's, with two it has a closed form", () => {
  for (const p of [0.6, 0.9, 0.999]) {
    assertAlmostEquals(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)), 1e-7);
    const u = 2 * p - 1;
    assertAlmostEquals(studentQuantile(p, 2), u * Math.sqrt(2 / (1 - u * u)), 1e-9);
  }
});

// Hours of sleep gained with two drugs by ten patients (Student 1908, "The probable error of a mean").
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

Deno.test("`pairedDifference()` gives the interval that R gives for Student's own data", () => {
  const { mean, low, high, deviation, count } = pairedDifference(first, second);
  assertAlmostEquals(mean, 1.58, 1e-9);
  assertAlmostEquals(low, 0.7001142, 1e-6);
  assertAlmostEquals(high, 2.4598858, 1e-6);
  assertAlmostEquals(deviation, 1.2299, 1e-4);
  assertEquals(count, 10);
});

Deno.test("without pairing the same data show nothing: the intervals of the two overlap", () => {
  assert(meanInterval(first).high > meanInterval(second).low);
});

Deno.test("the interval holds the true mean in about 95 of 100 experiments of five values", () => {
  const random = createRandom(2);
  let held = 0;
  for (let i = 0; i < 4000; i++) {
    const { low, high } = meanInterval(Array.from({ length: 5 }, () => 3 + 2 * random.normal()));
    held += Number(low < 3 && 3 < high);
  }
  assertAlmostEquals(held / 4000, 0.95, 0.012);
});

Deno.test("a single value has a mean and no interval", () => {
  const { mean, low, high, deviation } = meanInterval([4]);
  assertEquals([mean, low, high, deviation], [4, NaN, NaN, NaN]);
});

Deno.test("`medianInterval()` takes the ranks of printed tables", () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  // Six values are the fewest with an interval; for 10 it runs from the 2nd to the 9th, for 30 from the 10th to the 21st.
  assertEquals(medianInterval(upTo(5)), { median: 3, low: NaN, high: NaN });
  assertEquals(medianInterval(upTo(6)), { median: 3.5, low: 1, high: 6 });
  assertEquals(medianInterval(upTo(10)), { median: 5.5, low: 2, high: 9 });
  assertEquals(medianInterval(upTo(30).reverse()), { median: 15.5, low: 10, high: 21 });
});

Deno.test("what cannot be averaged or paired is refused", () => {
  assertThrows(() => meanInterval([]), "no values");
  assertThrows(() => medianInterval([]), "no values");
  assertThrows(() => pairedDifference([1], [1, 2]), "Cannot pair 1 values with 2");
  assertThrows(() => studentQuantile(1, 4), "no quantile 1");
});
