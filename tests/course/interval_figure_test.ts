import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { excludesZero, intervalFigure } from "@course/course/interval_figure.ts";
import { INK } from "@course/display/colours.ts";

const rows = [
  { name: "sure", mean: -2, low: -3, high: -1, values: [-2.5, -1.5] },
  { name: "unsure", mean: 1, low: -1, high: 3, values: [0, 2] },
  { name: "one seed", mean: 0.5, low: NaN, high: NaN },
];

Deno.test("an interval that holds zero, or that there is none of, claims nothing", () => {
  assertEquals(rows.map(excludesZero), [true, false, false]);
  assertEquals(excludesZero({ low: 0, high: 1 }), false);
});

Deno.test("a forest plot has a ring for each seed, a dot for each mean, and grey where zero is held", () => {
  const { svg, text, size } = intervalFigure({
    alt: "Three differences",
    title: "B − A",
    x: "points",
    sides: ["A better", "B better"],
    rows,
  });
  assertEquals(svg!.match(/r="3"/g)?.length, 4);
  const dots = [...svg!.matchAll(/cx="([\d.]+)" cy="[\d.]+" r="4.5" fill="([^"]+)"/g)];
  assertEquals(dots.map(([, , colour]) => colour === INK.faint), [false, true, true]);
  const places = dots.map(([, x]) => Number(x));
  assert(places[0]! < places[2]! && places[2]! < places[1]!, "in the order of their values");
  assert(places.every((x) => x > 0 && x < size!.width));
  assertStringIncludes(svg!, "← A better");
  assertStringIncludes(text, "sure: −2 (−3 to −1)");
  assertThrows(() => intervalFigure({ alt: "", x: "", rows: [] }), "there are none");
});
