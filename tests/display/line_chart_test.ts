import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { lineChart, thin } from "@course/display/line_chart.ts";
import { linearTicks, logTicks, tickText } from "@course/display/ticks.ts";

const series = [{ name: "loss", points: [[0, 2], [50, 1], [100, 0.5]] as const }];
const options = { alt: "Loss falls", x: "step", y: "loss" };

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
  assertEquals([0, 0.05, 1500, 2e-4, 5e6].map(tickText), ["0", "0.05", "1,500", "2e-4", "5e6"]);
});

Deno.test("a chart draws its points where the axes say, and says what it shows", () => {
  const svg = lineChart({ ...options, series, width: 640, height: 320 });
  assertMatch(svg, /role="img"[^>]*><title>Loss falls<\/title>/);
  const [, path] = /class="series s0"><path d="([^"]+)"/.exec(svg)!;
  const points = [...path!.matchAll(/([\d.]+) ([\d.]+)/g)].map((
    [, x, y],
  ) => [Number(x), Number(y)]);
  assertEquals(points.length, 3);
  // Evenly spaced from left to right, and falling, which is down on a screen.
  assertAlmostEquals(points[1]![0]! - points[0]![0]!, points[2]![0]! - points[1]![0]!, 0.2);
  assert(points[0]![1]! < points[1]![1]! && points[1]![1]! < points[2]![1]!);
});

Deno.test("on a logarithmic axis equal factors are equal distances", () => {
  const svg = lineChart({ ...options, series, logarithmic: true });
  const [, path] = /class="series s0"><path d="([^"]+)"/.exec(svg)!;
  const heights = [...path!.matchAll(/[\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
  assertAlmostEquals(heights[1]! - heights[0]!, heights[2]! - heights[1]!, 0.2);
});

Deno.test("lines have gaps where there is no number, and names are escaped", () => {
  const points = [[0, 1], [1, NaN], [2, 3]] as const;
  const svg = lineChart({ ...options, series: [{ name: "a<b", points }, { name: "c", points }] });
  assertEquals(/class="series s0"><path d="(M[^"]+M[^"]+)"/.test(svg), true);
  assert(svg.includes("a&lt;b") && !svg.includes("NaN"));
});

Deno.test("a chart without points is refused", () => {
  assertThrows(() => lineChart({ ...options, series: [] }), "without points");
  const points = [[0, 0]] as const;
  assertThrows(
    () => lineChart({ ...options, series: [{ name: "", points }], logarithmic: true }),
    "without points",
  );
});

Deno.test("`thin()` takes means of neighbours", () => {
  assertEquals(thin([[0, 0], [1, 2], [2, 4], [3, 6]], 2), [[0.5, 1], [2.5, 5]]);
  assertEquals(thin([[0, 0], [1, 2]], 2), [[0, 0], [1, 2]]);
});
