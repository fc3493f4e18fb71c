import { assertEquals } from "@std/assert";
import type { CellOutput } from "@course/jupyter/mod.ts";
import { float32 } from "@course/tensors.ts";
import { imageFigure, imagesOf, lineFigure, rowFigure } from "@course/display/mod.ts";
import { mediaBundle } from "@course/display/media.ts";
import { slimOutput } from "@course/course/lessons/slim_outputs.ts";

const picture = await imageFigure(imagesOf(float32([2, 28, 28, 1], new Float32Array(2 * 784))), {
  alt: "two grey squares",
});
const chart = lineFigure({
  alt: "a line",
  x: "x",
  y: "y",
  series: [{ name: "line", points: [[0, 0], [1, 1]] }],
});

Deno.test("a stored picture keeps its PNG, its size on the page and its words", () => {
  const slim = slimOutput(outputOf(mediaBundle(picture)));
  assertEquals(typesOf(slim), ["image/png", "text/plain"]);
  assertEquals(metadataOf(slim)["image/png"], picture.size);
});

Deno.test("a stored row that holds pixels keeps the page fragment", async () => {
  const row = await rowFigure([picture, chart], { alt: "both" });
  assertEquals(typesOf(slimOutput(outputOf(mediaBundle(row)))), ["text/html", "text/plain"]);
});

Deno.test("charts and printed text are stored as they are", () => {
  const output = outputOf(mediaBundle(chart));
  assertEquals(slimOutput(output), output);
  const text: CellOutput = { output_type: "stream", name: "stdout", text: "hello" };
  assertEquals(slimOutput(text), text);
});

function outputOf(data: Record<string, unknown>): CellOutput {
  return { output_type: "display_data", data, metadata: {} };
}

function typesOf(output: CellOutput): string[] {
  return "data" in output ? Object.keys(output.data).sort() : [];
}

function metadataOf(output: CellOutput): Record<string, unknown> {
  return "metadata" in output ? output.metadata : {};
}
