import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import sharp from "sharp";
import {
  barFigure,
  fieldFigure,
  type Figure,
  heatMapFigure,
  imageFigure,
  lineFigure,
  mediaBundle,
  rowFigure,
  tableFigure,
} from "@course/display/mod.ts";
import { all, parsed, stillPicture, wordsIn } from "./parsed.ts";

const NASTY = `<script>alert("1 & 2")</script> 'x' ]]> % # ☃`;
const alt = `Alt of ${NASTY}`;

const charts: Record<string, Figure> = {
  lines: lineFigure({
    alt,
    title: NASTY,
    x: NASTY,
    y: NASTY,
    series: [0, 1].map((i) => ({ name: `${i} ${NASTY}`, points: [[0, i], [1, 2]] })),
  }),
  bars: barFigure({
    alt,
    title: NASTY,
    x: NASTY,
    y: NASTY,
    bars: [{ name: NASTY, value: 1, group: NASTY }, { name: "b", value: 2, group: "b" }],
  }),
  map: heatMapFigure({
    alt,
    title: NASTY,
    x: NASTY,
    y: NASTY,
    values: [[1, 2]],
    rowLabels: [NASTY],
    columnLabels: ["a", NASTY],
  }),
  field: fieldFigure({
    alt,
    title: NASTY,
    arrows: [[0, 0, 1, 1]],
    points: [{ name: NASTY, points: [[0, 0]] }, { name: "b", points: [[1, 1]] }],
  }),
};
const images = { data: new Uint8Array(8), count: 2, height: 2, width: 2, channels: 1 };
const table = tableFigure({ alt, title: NASTY, columns: [NASTY], rows: [[NASTY]] });
const grid = await imageFigure(images, { alt, title: NASTY });
const row = await rowFigure([charts.lines!, grid, table], { alt });
const every: Record<string, Figure> = { ...charts, grid, table, row };

for (const [name, figure] of Object.entries(every)) {
  Deno.test(`${name}: a notebook gets a page fragment, a picture and words`, () => {
    const bundle = mediaBundle(figure);
    assert("text/html" in bundle && "text/plain" in bundle);
    assert("image/svg+xml" in bundle || "image/png" in bundle);
    assert(bundle["text/plain"]!.startsWith(alt));
    assert(JSON.stringify(bundle).length < 60_000);
  });

  Deno.test(`${name}: what stands in words is never taken for markup`, () => {
    const html = figure.html!;
    assert(!html.includes("<script>alert"), html.slice(0, 300));
    if (!figure.svg) return;
    assertEquals(parsed(figure.svg).querySelector("script"), null);
    assert(wordsIn(figure.svg).some((words) => words.includes("alert")));
  });

  Deno.test(`${name}: it has its alternative text wherever it is a picture`, () => {
    for (const image of figure.html!.match(/<img[^>]*>/g) ?? []) {
      assertMatch(image, /alt="Alt of &lt;script&gt;/);
    }
    if (figure.svg) assertEquals(parsed(figure.svg).querySelector("title")!.textContent, alt);
  });
}

for (const [name, figure] of Object.entries(charts)) {
  Deno.test(`${name}: where scripts do not run, the page shows the same picture`, () => {
    assertEquals(stillPicture(figure.html), figure.svg!);
  });

  Deno.test(`${name}: letters are at least 11 pixels high, and there are no ids to clash`, () => {
    const root = parsed(figure.svg);
    for (const text of all(root, "text")) {
      assert(Number(text.getAttribute("font-size")) >= 11, text.textContent);
    }
    assert(!/\sid="|url\(|<style/.test(figure.svg!));
  });

  Deno.test(`${name}: the page fragment is small and needs nothing from elsewhere`, () => {
    const script = figure.html!.slice(figure.html!.indexOf("<script>"));
    assert(script.length < 13_000, `${script.length} characters`);
    assert(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(figure.html!));
    assertEquals(script.match(/<\/script/g)!.length, 1);
    // It must be a program: a syntax error would leave the still picture.
    new Function(script.slice("<script>".length, script.indexOf("</script>")));
  });

  Deno.test(`${name}: the picture can be drawn on a machine without fonts`, async () => {
    const { withoutFonts } = await import("@course/display/svg.ts");
    const strokes = withoutFonts(figure.svg!);
    assert(!strokes.includes("<text"));
    const { width, height } = await sharp(Buffer.from(strokes)).metadata();
    assertEquals([width, height], [figure.size!.width, figure.size!.height].map(Math.round));
  });
}

Deno.test("figures side by side are drawn side by side in the still picture too", () => {
  const root = parsed(row.svg);
  const [lines, picture] = [charts.lines!.size!, grid.size!];
  assertEquals(row.size!.width, lines.width + picture.width + table.size!.width + 24);
  const inner = all(root, "svg").filter((part) => part.getAttribute("x") !== null);
  assertEquals(inner[0]!.getAttribute("x"), "0");
  assertEquals(root.querySelector("image")!.getAttribute("x"), String(lines.width + 12));
  assertStringIncludes(row.html!, "flex-wrap:wrap");
  assertStringIncludes(row.html!, `src="data:image/png;base64,`);
});
