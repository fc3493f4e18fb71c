import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { imageFigure, lineFigure, saveFigure } from "@course/display/mod.ts";

const chart = lineFigure({
  alt: "A line",
  x: "x",
  y: "y",
  series: [{ name: "a", points: [[0, 0], [1, 1]] }],
});

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a chart is saved as vectors, as pixels or as a page, by the ending", () =>
  withFolder(async (folder) => {
    const path = (name: string) => join(folder, "new folder", name);
    for (const name of ["a.svg", "a.PNG", "a.html"]) await saveFigure(path(name), chart);
    assertEquals(await Deno.readTextFile(path("a.svg")), chart.svg!);
    const { width, height } = await sharp(await Deno.readFile(path("a.PNG"))).metadata();
    assertEquals([width, height], [1280, 640]);
    const page = await Deno.readTextFile(path("a.html"));
    assert(page.startsWith("<!doctype html>"));
    assertStringIncludes(page, "<title>A line</title>");
    assertStringIncludes(page, chart.html!);
    const names = (await Array.fromAsync(Deno.readDir(path("")))).map(({ name }) => name);
    assertEquals(names.sort(), ["a.PNG", "a.html", "a.svg"]);
  }));

Deno.test("the endings possible are named where another is asked for", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => saveFigure(join(folder, "a.jpg"), chart),
      "expected a name that ends in .svg or .png or .html",
    );
    const data = new Uint8Array(1);
    const grid = await imageFigure({ data, count: 1, height: 1, width: 1, channels: 1 }, {
      alt: "",
    });
    await assertRejects(() => saveFigure(join(folder, "a.svg"), grid), "ends in .png or .html");
    await assertRejects(
      () => saveFigure(join(folder, "a"), { alt: "", text: "words" }),
      "ends in .html",
    );
    await saveFigure(join(folder, "a.png"), grid);
    assertEquals(await Deno.readFile(join(folder, "a.png")), grid.png!);
  }));
