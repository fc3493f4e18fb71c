import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import { ramp } from "@course/display/colours.ts";
import { heatMapFigure } from "@course/display/mod.ts";
import { widthOf } from "@course/display/svg.ts";
import { all, parsed, wordsIn } from "./parsed.ts";

const alt = "Two rows of three";
const values = [[0, 1, 2], [3, NaN, 5]];

/** Colours of the cells, [rows, columns, 4], as a decoder of its own sees them. */
async function cellsOf(svg: string | undefined): Promise<number[][]> {
  const address = parsed(svg).querySelector("image")!.getAttribute("href")!;
  const png = Buffer.from(address.split(",")[1]!, "base64");
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, i) => [
    ...data.subarray(i * 4, i * 4 + 4),
  ]);
}

Deno.test("cells have the colours of the scale, none where there is no number", async () => {
  const cells = await cellsOf(heatMapFigure({ alt, values }).svg);
  assertEquals(cells.length, 6);
  assertEquals(cells[0], [...ramp("sequential", 0), 255]);
  assertEquals(cells[3], [...ramp("sequential", 3 / 5), 255]);
  assertEquals(cells[4]![3], 0);
  assertEquals(cells[5], [...ramp("sequential", 1), 255]);
});

Deno.test("a diverging scale has zero in its middle, whatever the values", async () => {
  const cells = await cellsOf(heatMapFigure({ alt, values: [[-1, 0, 4]], scale: "diverging" }).svg);
  assertEquals(cells[1], [247, 247, 247, 255]);
  assertEquals(cells[0], [...ramp("diverging", 3 / 8), 255]);
  assertEquals(cells[2], [...ramp("diverging", 1), 255]);
});

Deno.test("a range of its own makes maps comparable, and clips", async () => {
  const cells = await cellsOf(heatMapFigure({ alt, values: [[0.5, 7]], range: [0, 1] }).svg);
  assertEquals(cells, [[...ramp("sequential", 0.5), 255], [...ramp("sequential", 1), 255]]);
  assertThrows(() => heatMapFigure({ alt, values, range: [1, 1] }), "range is 1 to 1");
});

Deno.test("cells are annotated with ink that can be read on them", () => {
  const { svg } = heatMapFigure({ alt, values: [[0, 96]], annotate: true });
  const inks = all(parsed(svg), "[data-plot] text").map((text) => [
    text.textContent,
    text.getAttribute("fill"),
  ]);
  assertEquals(inks, [["0", "#ffffff"], ["96", "#111418"]]);
});

Deno.test("rows and columns have their words, or some of their numbers", () => {
  const labelled = heatMapFigure({
    alt,
    values,
    rowLabels: ["up", "down"],
    columnLabels: ["a", "b", "c"],
    x: "letter",
    y: "side",
  });
  for (const word of ["up", "down", "a", "b", "c", "letter", "side"]) {
    assert(wordsIn(labelled.svg).includes(word), word);
  }
  const large = heatMapFigure({ alt, values: Array.from({ length: 64 }, () => [0, 1]) });
  const numbers = wordsIn(large.svg).filter((word) => /^\d+$/.test(word));
  assert(numbers.includes("0") && numbers.includes("8") && numbers.length < 16, `${numbers}`);
});

Deno.test("the picture holds the values for hovering, and says what is missing", () => {
  const figure = heatMapFigure({ alt, title: "T", values, x: "letter", y: "side" });
  const cells = parsed(figure.svg).querySelector("[data-cells]")!.getAttribute("data-cells")!;
  assertEquals(JSON.parse(cells), { values: [[0, 1, 2], [3, null, 5]] });
  assertEquals(figure.text, "T: 2 × 3 values (side × letter) from 0 to 5, 1 missing");
  assertStringIncludes(figure.svg!, "#e3e4e6");
});

Deno.test("a map without numbers, or of one number, is drawn", () => {
  assertEquals(
    heatMapFigure({ alt, values: [[NaN]] }).text,
    "1 × 1 values, 1 missing",
  );
  assert(!/NaN|Infinity/.test(heatMapFigure({ alt, values: [[3, 3]] }).svg!));
});

Deno.test("maps that do not fit together are refused", () => {
  assertThrows(() => heatMapFigure({ alt, values: [] }), "without cells");
  assertThrows(() => heatMapFigure({ alt, values: [[]] }), "without cells");
  assertThrows(
    () => heatMapFigure({ alt, values: [[1, 2], [3]] }),
    "row 1 has 1 values, the first has 2",
  );
  assertThrows(
    () => heatMapFigure({ alt, values, rowLabels: ["a"] }),
    "rowLabels has 1 words, expected 2",
  );
});

Deno.test("long words above the last column stay in the picture", () => {
  const word = "three red hearts on a purple background", columnLabels = ["a", "b", word];
  const { svg, size } = heatMapFigure({ alt: "words", values: [[1, 2, 3]], columnLabels });
  const last = all(parsed(svg), "text").find((text) => text.textContent === word)!;
  const [, x] = /rotate\(-45 ([\d.]+) /.exec(last.getAttribute("transform")!)!;
  assert(size!.width > Number(x) + Math.SQRT1_2 * widthOf(word), `${size!.width} from ${x}`);
});
