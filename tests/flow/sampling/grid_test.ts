import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkGrid, timeGrid } from "../../../lib/flow/mod.ts";

Deno.test("`timeGrid()` runs evenly from noise at 1 to data at 0", () => {
  assertEquals(timeGrid(4), [1, 0.75, 0.5, 0.25, 0]);
  assertEquals(timeGrid(1), [1, 0]);
});

Deno.test("`timeGrid()` with a shift above 1 takes more steps near noise", () => {
  const grid = timeGrid(10, { shift: 3 });
  assertEquals([grid[0], grid[5], grid[10]], [1, 0.75, 0]);
  checkGrid(grid);
  assert(grid.filter((t) => t > 0.5).length > 7);
});

Deno.test("`timeGrid()` refuses step counts and shifts that make no sense", () => {
  for (const steps of [0, -1, 2.5, NaN]) {
    assertThrows(() => timeGrid(steps), `Cannot sample in ${steps} steps`);
  }
  assertThrows(() => timeGrid(10, { shift: -1 }), "Cannot shift noise levels by -1");
});

Deno.test("`checkGrid()` accepts any falling grid and names what is wrong with others", () => {
  checkGrid([1, 0.9, 0.1, 0]);
  checkGrid([0.6, 0.2]);
  assertThrows(() => checkGrid([1]), "a grid of 1 noise levels: expected 2 or more");
  assertThrows(() => checkGrid([0, 1]), "must fall: 1 comes after 0 (at 1)");
  assertThrows(() => checkGrid([1, 0.5, 0.5]), "must fall: 0.5 comes after 0.5 (at 2)");
  assertThrows(() => checkGrid([1, -0.1]), "Noise level -0.1 of the grid is not in 0 … 1 (at 1)");
  assertThrows(() => checkGrid([1, NaN]), "Noise level NaN");
});
