import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fieldFigure } from "@course/display/mod.ts";
import { all, parsed, placeOn, pointsOf } from "./parsed.ts";

const alt = "A field";

Deno.test("one unit is as long up as it is across", () => {
  for (const x of [[-3, 3], [0, 1], [-10, 40]] as const) {
    const { svg } = fieldFigure({ alt, arrows: [[0, 0, 1, 1]], x, y: [-2, 5] });
    const plot = parsed(svg).querySelector("[data-plot]");
    const across = placeOn(plot, "x")(1) - placeOn(plot, "x")(0);
    const up = placeOn(plot, "y")(0) - placeOn(plot, "y")(1);
    assertAlmostEquals(across, up, 0.01 * up);
  }
});

Deno.test("arrows stand at their place, point their way, and keep their proportions", () => {
  const arrows = [[0, 0, 1, 0], [1, 1, 0, 2], [2, 0, -3, -4]] as const;
  const root = parsed(fieldFigure({ alt, arrows, x: [-1, 3], y: [-1, 3] }).svg);
  const plot = root.querySelector("[data-plot]");
  const unit = Number(plot!.getAttribute("data-unit"));
  const d = root.querySelector('[data-part="arrows"]')!.getAttribute("d")!;
  const shafts = [...d.matchAll(/M([\d.-]+),([\d.-]+)l([\d.-]+),([\d.-]+)/g)]
    .map((match) => match.slice(1).map(Number));
  assertEquals(shafts.length, 3);
  for (const [i, [x, y, dx, dy]] of arrows.entries()) {
    const [px, py, right, down] = shafts[i]!;
    assertAlmostEquals(px!, placeOn(plot, "x")(x), 0.01);
    assertAlmostEquals(py!, placeOn(plot, "y")(y), 0.01);
    assertAlmostEquals(right! / unit, dx, 0.02);
    assertAlmostEquals(down! / unit, -dy, 0.02);
  }
});

Deno.test("paths of one name share a colour and a place in the legend", () => {
  const paths = [0, 1, 2].map((i) => ({ name: "ways", points: [[i, 0], [i, 1]] as const }));
  const points = [{ name: "data", points: [[0, 0], [1, NaN]] as const }];
  const root = parsed(fieldFigure({ alt, points, paths }).svg);
  assertEquals(all(root, "[data-key]").map((key) => key.textContent), ["data", "ways"]);
  const ways = all(root, '[data-name="ways"]');
  assertEquals(ways.length, 3);
  assertEquals(new Set(ways.map((way) => way.getAttribute("stroke"))).size, 1);
  assertEquals(pointsOf(root.querySelector('[data-part="points"]')).length, 1);
});

Deno.test("without given ends everything is inside", () => {
  const points = [{ name: "a", points: [[-7, 2], [13, 40]] as const }];
  const plot = parsed(fieldFigure({ alt, points }).svg).querySelector("[data-plot]")!;
  const ends = (axis: string) =>
    plot.getAttribute(`data-${axis}`)!.split(" ").slice(0, 2).map(Number);
  const [[fromX, toX], [fromY, toY]] = [ends("x"), ends("y")];
  assert(fromX! <= -7 && toX! >= 13 && fromY! <= 2 && toY! >= 40);
});

Deno.test("a field of zeros, one point, and fields of nothing", () => {
  const still = fieldFigure({ alt, arrows: [[0, 0, 0, 0], [1, 1, 0, 0]] });
  assert(!/NaN|Infinity/.test(still.svg!));
  assert(!/NaN|Infinity/.test(fieldFigure({ alt, points: [{ name: "", points: [[2, 2]] }] }).svg!));
  assertThrows(() => fieldFigure({ alt, arrows: [] }), "without a finite arrow");
  assertThrows(() => fieldFigure({ alt, arrows: [[0, NaN, 1, 1]] }), "without a finite arrow");
  assertThrows(
    () => fieldFigure({ alt, arrows: [[0, 0, 1, 1]], x: [2, 1] }),
    "x is [2, 1], expected [least, most]",
  );
});
