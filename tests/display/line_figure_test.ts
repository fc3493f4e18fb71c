import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { lineFigure } from "@course/display/mod.ts";
import { all, parsed, placeOn, pointsOf, wordsIn } from "./parsed.ts";

const options = { alt: "Loss falls", x: "step", y: "loss" };
const series = [{ name: "loss", points: [[0, 2], [50, 1], [100, 0.5]] as const }];

Deno.test("a line lies where its axes say", () => {
  const root = parsed(lineFigure({ ...options, series }).svg);
  const plot = root.querySelector("[data-plot]");
  const [x, y] = [placeOn(plot, "x"), placeOn(plot, "y")];
  const points = pointsOf(root.querySelector('[data-part="line"]'));
  for (const [i, [px, py]] of series[0]!.points.entries()) {
    assertAlmostEquals(points[i]![0]!, x(px), 0.01);
    assertAlmostEquals(points[i]![1]!, y(py), 0.01);
  }
  assert(points[0]![1]! < points[2]![1]!, "falling is down on a screen");
  assert(points[0]![0]! >= 30 && points[2]![0]! <= 640, "within the picture");
});

Deno.test("on a logarithmic axis equal factors are equal distances, and what is not above zero is a gap", () => {
  const points = [[0, 8], [1, 4], [2, 0], [3, -1], [4, 2], [5, 1]] as const;
  const { svg } = lineFigure({ ...options, series: [{ name: "", points }], logarithmic: true });
  const path = parsed(svg).querySelector('[data-part="line"]');
  const heights = pointsOf(path).map(([, y]) => y!);
  assertEquals(heights.length, 4);
  assertAlmostEquals(heights[1]! - heights[0]!, heights[3]! - heights[2]!, 0.02);
  assertEquals(path!.getAttribute("d")!.match(/M/g)!.length, 2);
});

Deno.test("lines have gaps where there is no number", () => {
  const points = [[0, 1], [1, NaN], [2, 3], [3, Infinity], [4, 1], [NaN, 7]] as const;
  const { svg } = lineFigure({ ...options, series: [{ name: "a", points }] });
  assertEquals(
    parsed(svg).querySelector('[data-part="line"]')!.getAttribute("d")!.replaceAll(/[^ML]/g, ""),
    "MMM",
  );
  assert(!/NaN|Infinity|undefined/.test(svg!));
});

Deno.test("a band goes along its high values and back along its low ones, behind all lines", () => {
  const band = [[0, 1, 3], [100, 0, 2]] as const;
  const { svg } = lineFigure({ ...options, series: [{ ...series[0]!, band }] });
  const root = parsed(svg), plot = root.querySelector("[data-plot]");
  const [x, y] = [placeOn(plot, "x"), placeOn(plot, "y")];
  const corners = pointsOf(root.querySelector('[data-part="band"]'));
  const expected = [[0, 3], [100, 2], [100, 0], [0, 1]];
  assertEquals(corners.length, 4);
  for (const [i, [px, py]] of expected.entries()) {
    assertAlmostEquals(corners[i]![0]!, x(px!), 0.01);
    assertAlmostEquals(corners[i]![1]!, y(py!), 0.01);
  }
  const order = all(root, "[data-part]").map((part) => part.getAttribute("data-part"));
  assertEquals(order, ["band", "line"]);
});

Deno.test("the axes enclose bands, and every series has its own colour and its name", () => {
  const many = ["a", "b", "c"].map((name, i) => ({ name, points: [[0, i], [1, i]] as const }));
  const band = [[0, -40, 40]] as const;
  const { svg } = lineFigure({ ...options, series: [{ ...many[0]!, band }, ...many.slice(1)] });
  const root = parsed(svg);
  const [from, to] = root.querySelector("[data-plot]")!.getAttribute("data-y")!.split(" ");
  assert(Number(from) <= -40 && Number(to) >= 40);
  const groups = all(root, "g[stroke]");
  assertEquals(new Set(groups.map((group) => group.getAttribute("stroke"))).size, 3);
  assertEquals(all(root, "[data-key]").map((key) => key.textContent), ["a", "b", "c"]);
});

Deno.test("ticks are round, lie on their axes, and both axes are named", () => {
  const { svg } = lineFigure({ ...options, title: "A title", series });
  const words = wordsIn(svg);
  assertEquals(words[0], "A title");
  for (const word of ["0", "20", "100", "0.5", "1", "1.5", "2", "step", "loss"]) {
    assert(words.includes(word), `${word} in ${words}`);
  }
});

Deno.test("long lines stay small", () => {
  const points = Array.from({ length: 50_000 }, (_, i) => [i, Math.sin(i)] as const);
  const { svg } = lineFigure({ ...options, series: [{ name: "long", points }] });
  assert(svg!.length < 15_000, `${svg!.length} characters`);
});

Deno.test("words tell where lines start and end", () => {
  const { text } = lineFigure({ ...options, series });
  assertEquals(text, "loss\nloss: 2 at step 0, 0.5 at 100; from 0.5 to 2");
});

Deno.test("a chart without anything to see is refused", () => {
  assertThrows(() => lineFigure({ ...options, series: [] }), "without points");
  const one = (y: number) => [{ name: "", points: [[0, y]] as const }];
  assertThrows(() => lineFigure({ ...options, series: one(NaN) }), "no series has a finite value");
  assertThrows(
    () => lineFigure({ ...options, series: one(0), logarithmic: true }),
    "only finite values above 0",
  );
  assertThrows(
    () => lineFigure({ ...options, series: [{ ...series[0]!, band: [[0, 2, 1]] }] }),
    'band of "loss": at 0 its low 2 is above its high 1',
  );
});

Deno.test("a single point is a chart", () => {
  const { svg } = lineFigure({ ...options, series: [{ name: "", points: [[5, 5]], dots: true }] });
  assertEquals(pointsOf(parsed(svg).querySelector('[data-part="line"]')).length, 1);
});

Deno.test("an x axis that ends with its data has at least three ticks", () => {
  for (const [from, to] of [[1, 900], [1, 2000], [0, 1], [3, 17], [-4, 5], [1, 49_999]] as const) {
    for (const width of [300, 440, 640]) {
      const points = [[from, 0], [to, 1]] as const;
      const { svg } = lineFigure({ ...options, series: [{ name: "", points }], width });
      const ticks = all(parsed(svg), '[data-axes] text[text-anchor="middle"]');
      assert(ticks.length >= 3 && ticks.length <= 12, `${ticks.length} from ${from} to ${to}`);
    }
  }
});
