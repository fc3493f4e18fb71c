import { assert, assertEquals, assertThrows } from "@std/assert";
import { tableFigure } from "@course/display/mod.ts";
import { all, parsed } from "./parsed.ts";

const columns = ["sampler", "steps", "accuracy"];
const rows = [["Euler", 10, "93.1 %"], ["Heun", 1234.5678, "98.7 %"]];

Deno.test("numbers stand to the right, words to the left, in every form", () => {
  const { text, html, svg } = tableFigure({ columns, rows });
  assertEquals(text.split("\n"), [
    "sampler  steps  accuracy",
    "───────  ─────  ────────",
    "Euler       10    93.1 %",
    "Heun     1,235    98.7 %",
  ]);
  assertEquals(html!.match(/text-align:right/g)!.length, 6);
  const ends = all(parsed(svg), 'text[text-anchor="end"]').map((word) => word.textContent);
  assertEquals(ends, ["steps", "accuracy", "10", "93.1 %", "1,235", "98.7 %"]);
});

Deno.test("a table says what it is, and may have no rows", () => {
  assertEquals(tableFigure({ columns, rows: [] }).alt, "A table of sampler, steps, accuracy");
  assertEquals(tableFigure({ columns, rows, title: "Samplers" }).alt, "Samplers");
  assert(tableFigure({ columns, rows, alt: "Heun wins" }).svg!.includes("Heun wins"));
});

Deno.test("rows that do not fit the columns are refused", () => {
  assertThrows(() => tableFigure({ columns, rows: [[1]] }), "row 0 has 1 cells, expected 3");
  assertThrows(() => tableFigure({ columns: [], rows: [] }), "without columns");
});
