import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chainFigure } from "@course/course/chain.ts";
import { cellCode, coloured } from "@course/course/book/code.ts";
import { ansiHtml } from "@course/course/book/ansi.ts";
import { forDarkPages } from "@course/course/book/figures.ts";
import { outputsHtml } from "@course/course/book/outputs.ts";
import { openSite } from "@course/course/book/site.ts";
import { lineFigure, mediaBundle, tableFigure } from "@course/display/mod.ts";
import type { CellOutput } from "@course/jupyter/mod.ts";

function place() {
  const site = openSite(new Map());
  return { site, page: "a/page.html", folder: "one", link: (href: string) => `to ${href}` };
}

const shown = (data: Record<string, unknown>, metadata = {}): CellOutput => ({
  output_type: "display_data",
  data,
  metadata,
});

Deno.test("a chart becomes a file of the book that follows dark pages, without its script", () => {
  const figure = lineFigure({
    alt: "a line",
    x: "step",
    y: "loss",
    series: [{ name: "loss", points: [[0, 1], [1, 2]] }],
  });
  const at = place(), html = outputsHtml([shown({ ...mediaBundle(figure) })], at);
  assert(!html.includes("<script"));
  assertStringIncludes(html, 'alt="a line"');
  const [[path, svg]] = [...at.site.files] as [[string, string]];
  assertStringIncludes(html, `src="../${path}"`);
  assertStringIncludes(svg, "prefers-color-scheme:dark");
  assert(svg.startsWith("<svg"));
});

Deno.test("pixels become a file, with the figure's words for those who cannot see it", () => {
  const at = place();
  const html = outputsHtml([
    shown({ "image/png": "iVBORw0KGgo=", "text/plain": "three digits\n3 grey images" }, {
      "image/png": { width: 400, height: 100 },
    }),
  ], at);
  assertStringIncludes(html, 'alt="three digits" width="400" height="100"');
  const [[path, bytes]] = [...at.site.files] as [[string, Uint8Array]];
  assert(path.endsWith(".png"));
  assertEquals([...bytes.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});

Deno.test("tables look like those of the book, with numbers to the right", () => {
  const figure = tableFigure({ columns: ["name", "loss"], rows: [["a", 1.5]] });
  const html = outputsHtml([shown({ ...mediaBundle(figure) })], place());
  assertStringIncludes(html, '<td class="number">1.5</td>');
  assertStringIncludes(html, "<td>a</td>");
});

Deno.test("links in outputs lead to pages of the book", () => {
  const html = outputsHtml([shown({ "text/html": '<p><a href="01.ipynb">one</a></p>' })], place());
  assertStringIncludes(html, 'href="to 01.ipynb"');
});

Deno.test("nothing is said about whose function an experiment ran on", () => {
  const output = shown({ "text/html": "<b>x</b>", "text/plain": "interpolate (1.1): yours\n" });
  assertEquals(outputsHtml([output], place()), "");
});

Deno.test("printed text means itself, and an error shows its trace", () => {
  const html = outputsHtml([
    { output_type: "stream", name: "stdout", text: ["a < b\n", "c"] },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["\x1b[31mE\x1b[0m: v"] },
  ], place());
  assertStringIncludes(html, "a &lt; b\nc");
  assertStringIncludes(html, '<span class="ansi-red">E</span>: v');
});

Deno.test("ansiHtml() knows colours, ends them, and drops what it does not know", () => {
  assertEquals(
    ansiHtml("\x1b[1;32mok\x1b[22m & \x1b[39mplain\x1b[2K"),
    '<span class="ansi-bold ansi-green">ok</span><span class="ansi-green"> &amp; </span>plain',
  );
  assertEquals(ansiHtml("\x1b[38;5;31mx\x1b[0m"), "x");
});

Deno.test("forDarkPages() keeps the lit links of the chain, whose words are white", () => {
  const { svg } = chainFigure("velocity");
  assert(!forDarkPages(svg!, { all: false }).includes("#56b4e9"));
  assertStringIncludes(forDarkPages(svg!, { all: true }), "#56b4e9");
});

Deno.test("cellCode() folds a long list of imports and nothing else", () => {
  const imports = Array.from({ length: 7 }, (_, i) => `import { a${i} } from "b";`).join("\n");
  const html = cellCode(`${imports}\n\nconst a = 1;`);
  assertStringIncludes(html, "<summary>imports</summary>");
  assertStringIncludes(html.split("</details>")[1]!, "const");
  assert(!cellCode('import { a } from "b";\n\na();').includes("details"));
  assertEquals(coloured("<").includes("&lt;"), true);
});
