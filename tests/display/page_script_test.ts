import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { barFigure, fieldFigure, heatMapFigure, lineFigure } from "@course/display/mod.ts";
import { ticksOf } from "@course/display/page/zoom.js";
import { readAxis } from "@course/display/page/read_plot.js";
import { placeOn } from "./parsed.ts";
import { openPage } from "./opened_page.ts";

const lines = lineFigure({
  alt: "Two lines",
  x: "step",
  y: "loss",
  series: [
    {
      name: "a",
      points: [[0, 0], [5, 10], [10, 20]],
      band: [[0, -1, 1], [5, 8, 13], [10, 18, 22]],
    },
    { name: "b", points: [[0, 3], [10, 4]] },
  ],
});

/** Opens a figure; `at` gives the place of a pair of values in it. */
function open(html: string, page = openPage(html)) {
  const plot = page.find("[data-plot]");
  const at = (x: number, y: number) => [placeOn(plot, "x")(x), placeOn(plot, "y")(y)] as const;
  return { page, at };
}

Deno.test("scripts put the live picture in place of the still one, with its alternative text", () => {
  const { page } = open(lines.html!);
  assertEquals(page.find("img"), null);
  assertEquals(page.find("[data-figure] > svg").getAttribute("aria-label"), "Two lines");
});

Deno.test("the same figure twice on a page lives twice, and others are left alone", () => {
  const page = openPage(`${lines.html}${lines.html}<div data-figure="other"><img></div>`);
  assertEquals(page.html().match(/data-live/g)!.length, 2);
  page.pointer("pointermove", 300, 150, 1);
  assert(page.tip().length > 1);
});

Deno.test("hovering over lines reads all of them off at the nearest x, with their bands", () => {
  const { page, at } = open(lines.html!);
  page.pointer("pointermove", ...at(5.3, 2));
  assertEquals(page.tip(), ["step 5", "● a  10  (8 to 13)"]);
  page.pointer("pointermove", ...at(9.9, 19));
  assertEquals(page.tip(), ["step 10", "● a  20  (18 to 22)", "● b  4"]);
  page.pointer("pointerleave", 0, 0);
  assertEquals(page.tip(), []);
});

Deno.test("a click on a name hides its line and its band, another click shows them", () => {
  const { page, at } = open(lines.html!);
  page.clickKey("a");
  const display = () => page.find('[data-name="a"]').style.display;
  assertEquals(display(), "none");
  page.pointer("pointermove", ...at(9.9, 19));
  assertEquals(page.tip(), ["step 10", "● b  4"]);
  page.clickKey("a");
  assertEquals(display(), "");
});

Deno.test("dragging zooms in, and values are still read off right; a double click zooms out", () => {
  const { page, at } = open(lines.html!);
  page.pointer("pointerdown", ...at(4, 12));
  page.pointer("pointermove", ...at(6, 8));
  page.pointer("pointerup", ...at(6, 8));
  const group = page.find("[data-plot] > g");
  const [a, , , d] = /matrix\((.*)\)/.exec(group.getAttribute("transform"))![1]!.split(" ").map(
    Number,
  );
  assertAlmostEquals(a!, 5, 0.01);
  assert(d! > 4);
  // The middle of the frame is the middle of the plot now.
  page.pointer("pointermove", (at(0, 0)[0] + at(10, 0)[0]) / 2, at(0, 10)[1]);
  assertEquals(page.tip()[0], "step 5");
  const ticks = [...page.find("[data-axes]").querySelectorAll("text")]
    .map((text: { textContent: string }) => text.textContent);
  assert(ticks.includes("4.5") && ticks.includes("9") && !ticks.includes("0"), `${ticks}`);
  page.pointer("dblclick", ...at(5, 5));
  assertStringIncludes(group.getAttribute("transform"), "matrix(1 0 0 1 0 0)");
});

Deno.test("hovering over a heat map reads its cells off", () => {
  const map = heatMapFigure({
    alt: "A map",
    x: "read",
    y: "asked",
    values: [[1, 2], [NaN, 0.12345]],
    rowLabels: ["three", "seven"],
  });
  const page = openPage(map.html!);
  const [left, right, top, bottom] = page.find("[data-plot]").getAttribute("data-plot").split(" ")
    .map(Number);
  const cell = (column: number, row: number) =>
    [left + (column + 0.5) * (right - left) / 2, top + (row + 0.5) * (bottom - top) / 2] as const;
  page.pointer("pointermove", ...cell(1, 1));
  assertEquals(page.tip(), ["asked seven, read 1", "0.1235"]);
  page.pointer("pointermove", ...cell(0, 1));
  assertEquals(page.tip(), ["asked seven, read 0", "no number"]);
});

Deno.test("hovering over a field reads the nearest point or arrow off", () => {
  const { page, at } = open(
    fieldFigure({
      alt: "A field",
      arrows: [[0, 0, 1, -2], [3, 3, 0, 1]],
      points: [{ name: "data", points: [[2, 1]] }, { name: "noise", points: [[1, 2]] }],
    }).html!,
  );
  page.pointer("pointermove", ...at(2.02, 1.01));
  assertEquals(page.tip(), ["● data", "(2, 1)"]);
  page.pointer("pointermove", ...at(0.02, 0));
  assertEquals(page.tip()[1], "→ (1, −2)");
});

Deno.test("dark pages get the dark colours, and what is about to be replaced watches nothing", () => {
  assertStringIncludes(open(lines.html!).page.html(), 'fill="#fcfcfb"');
  const dark = openPage(lines.html!, { background: "rgb(17, 17, 17)" });
  assertStringIncludes(dark.html(), 'fill="#1d2126"');
  assert(!dark.html().includes("#fcfcfb"));
  assert(dark.watched() > 0);
  const passing = openPage(
    lines.html!.replace("<div data-figure", "<div data-passing data-figure"),
  );
  assertEquals(passing.watched(), 0);
});

Deno.test("bars tell their exact values", () => {
  const bars = barFigure({
    alt: "",
    y: "y",
    bars: [{ name: "a", value: 1.23456, low: 1, high: 2 }],
  });
  assertStringIncludes(openPage(bars.html!).html(), 'data-tip="a|1.235 (1 to 2)"');
});

Deno.test("ticks of a part of an axis are round and lie within it", () => {
  assertEquals(ticksOf(readAxis("0 10 ", 0, 100), 21, 58), [3, 4, 5]);
  const log = readAxis("0.001 10 log", 100, 0);
  assertEquals(
    ticksOf(log, 100, 0).map((value: number) => Number(value.toPrecision(6))),
    [
      0.001,
      0.002,
      0.005,
      0.01,
      0.02,
      0.05,
      0.1,
      0.2,
      0.5,
      1,
      2,
      5,
      10,
    ].filter((value) => value >= 0.001),
  );
  const part = ticksOf(log, 30, 20);
  assert(
    part.length >= 2 && part.every((value: number) => value >= 0.6 && value <= 1.6),
    `${part}`,
  );
});
