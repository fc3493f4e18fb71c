import { assert, assertEquals, assertThrows } from "@std/assert";
import { thin } from "@course/display/thin.ts";
import { linearTicks, logTicks, numberText, tickText } from "@course/display/ticks.ts";

Deno.test("`linearTicks()` finds round numbers that enclose the values", () => {
  assertEquals(linearTicks({ least: 0.1, most: 0.92 }, 5).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(linearTicks({ least: 0, most: 2000 }, 6).ticks, [0, 500, 1000, 1500, 2000]);
  const { from, to } = linearTicks({ least: 3, most: 3 }, 5);
  assert(from < 3 && to > 3);
});

Deno.test("`logTicks()` finds 1, 2, 5 and powers of ten", () => {
  assertEquals(logTicks({ least: 0.15, most: 1.9 }, 5).ticks, [0.1, 0.2, 0.5, 1, 2]);
  assertEquals(logTicks({ least: 1e-6, most: 1 }, 5).ticks.at(0), 1e-6);
  assertEquals(logTicks({ least: 1, most: 1 }, 5), { from: 1, to: 2, ticks: [1, 2] });
  assertThrows(() => logTicks({ least: 0, most: 1 }, 5), "logarithmic axis cannot show 0");
});

Deno.test("ticks are written in few characters", () => {
  assertEquals([0, 0.05, 1500, 2e-4, 5e6, -1, -2e-5].map(tickText), [
    "0",
    "0.05",
    "1,500",
    "2e-4",
    "5e6",
    "−1",
    "−2e-5",
  ]);
  assertEquals([1 / 3, -12345.6, NaN].map(numberText), ["0.3333", "−12,350", "–"]);
});

Deno.test("`thin()` keeps the least and the greatest of neighbours", () => {
  assertEquals(thin([[0, 0], [1, 9], [2, 4], [3, -6], [4, 1], [5, 2], [6, 3], [7, 4]], 4), [
    [1, 9],
    [3, -6],
    [4, 1],
    [7, 4],
  ]);
  assertEquals(thin([[0, 0], [1, 2]], 2), [[0, 0], [1, 2]]);
});

Deno.test("`thin()` keeps gaps", () => {
  const points = [[0, 1], [1, 2], [2, NaN], [3, NaN], [4, 1], [5, 1]] as const;
  assertEquals(thin(points, 3).map(([x]) => x), [0, 1, 2, 4]);
});

Deno.test("`thin()` shows noise as wide as it is", () => {
  const noise = Array.from({ length: 9000 }, (_, i) => [i, Math.sin(i * i)] as const);
  const kept = thin(noise, 300);
  assert(kept.length <= 300);
  assert(kept.filter(([, y]) => Math.abs(y) > 0.9).length > 200);
});
