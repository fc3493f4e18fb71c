import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  barFigure,
  fieldFigure,
  type Figure,
  heatMapFigure,
  imageFigure,
  lineFigure,
  rowFigure,
  type Screen,
  tableFigure,
} from "@course/display/mod.ts";
import { showOn } from "@course/display/show.ts";
import { pixelText } from "@course/display/terminal_image.ts";

const alt = "What it shows";
const images = {
  data: Uint8Array.from({ length: 12 * 28 * 28 }, (_, i) => (i % 28) * 9),
  count: 12,
  height: 28,
  width: 28,
  channels: 1,
};
const line = lineFigure({
  alt,
  title: "A title",
  x: "step",
  y: "loss",
  series: ["first", "second"].map((name, k) => ({
    name,
    points: Array.from({ length: 50 }, (_, i) => [i, k + Math.sin(i / 9)] as const),
  })),
});
const grid = await imageFigure(images, {
  alt,
  columns: 6,
  rowTitles: ["top", "bottom"],
  columnTitles: [..."abcdef"],
});
const figures: Record<string, Figure> = {
  line,
  grid,
  bars: barFigure({
    alt,
    y: "y",
    bars: [{ name: "a", value: 1 }, { name: "b", value: -2, low: -3, high: -1 }],
  }),
  map: heatMapFigure({
    alt,
    values: Array.from({ length: 30 }, (_, i) => Array.from({ length: 50 }, (_, j) => i * j)),
  }),
  field: fieldFigure({ alt, points: [{ name: "data", points: [[0, 0], [1, 1]] }] }),
  table: tableFigure({ alt, columns: ["a", "b"], rows: [[1, "x"]] }),
  row: await rowFigure([line, grid], { alt }),
};
const plain: Screen = { columns: 80, colours: false };

/** Characters that are seen. */
function seen(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`${name}: its lines fit the terminal, with colours only where there are any`, () => {
    for (const columns of [40, 80, 120]) {
      for (const colours of [true, false]) {
        const text = figure.terminal?.({ columns, colours }) ?? figure.text;
        for (const line of seen(text).split("\n")) {
          assert([...line].length <= columns, `${[...line].length} > ${columns}: ${line}`);
        }
        if (!colours) assertEquals(text.includes("\x1b"), false);
      }
    }
  });
}

Deno.test("pixels are half blocks in colour, and shades without", () => {
  const data = new Uint8Array([255, 255, 255, 0, 0, 0, 10, 20, 30, 40, 50, 60]);
  const pixels = { data, width: 2, height: 2 };
  assertEquals(pixelText(pixels, { columns: 80, colours: true }), [
    "\x1b[38;2;255;255;255;48;2;10;20;30m▀\x1b[38;2;0;0;0;48;2;40;50;60m▀\x1b[0m",
  ]);
  const bright = { data: new Uint8Array(12).fill(255), width: 2, height: 2 };
  assertEquals(pixelText(bright, plain), ["██"]);
  assertEquals(pixelText({ ...bright, data: new Uint8Array(12) }, plain), [""]);
});

Deno.test("pictures are shrunk to fit, and what does not fit is counted", () => {
  const text = grid.terminal!({ columns: 60, colours: false });
  assertMatch(text, /… and 3 more columns/);
  assertMatch(text, /top/);
  assert(!/more columns/.test(grid.terminal!({ columns: 200, colours: false })));
});

Deno.test("a rising line rises in the terminal, and its axes are written", () => {
  const rising = lineFigure({
    alt,
    x: "step",
    y: "loss",
    series: [{ name: "a", points: [[0, 0], [9, 10]] }],
  });
  const lines = rising.terminal!(plain).split("\n");
  const place = (row: string) =>
    [...row].findIndex((character) => /[\u2801-\u28ff]/.test(character));
  const dots = lines.map(place).filter((at) => at >= 0);
  assert(dots.length > 10);
  assert(dots.every((at, i) => i === 0 || at <= dots[i - 1]!));
  assertMatch(lines.join("\n"), /10┤/);
  assertMatch(lines.join("\n"), /0 +step +9/);
});

Deno.test("a terminal gets the picture, a log only words", async () => {
  const shown = async (screen?: Screen) => {
    let text = "";
    await showOn({ ...(screen && { screen }), write: (more) => void (text += more) }, [line]);
    return text;
  };
  assertMatch(await shown(plain), /[\u2801-\u28ff]/);
  assertStringIncludes(await shown(plain), alt);
  assertEquals(await shown(), `${alt}\n${line.text}\n`);
});
