import { assert, assertAllClose, assertEquals, assertThrows } from "@std/assert";
import { positions2d } from "../../lib/models/mod.ts";

Deno.test("`positions2d()` writes waves of the row, then of the column", () => {
  const positions = positions2d(3, 4, 8);
  assertEquals(positions.length, 3 * 4 * 8);
  const at = (row: number, column: number) => {
    const start = (row * 4 + column) * 8;
    return positions.subarray(start, start + 8);
  };
  const waves = (p: number) => [Math.sin(p), Math.sin(p / 100), Math.cos(p), Math.cos(p / 100)];
  assertAllClose(at(2, 3), [...waves(2), ...waves(3)], 1e-6);
  assertAllClose(at(0, 0), [0, 0, 1, 1, 0, 0, 1, 1], 0);
});

Deno.test("no two places of a grid have the same position", () => {
  const positions = positions2d(7, 7, 16);
  const rows = Array.from({ length: 49 }, (_, i) => positions.slice(16 * i, 16 * (i + 1)).join());
  assert(new Set(rows).size === 49);
});

Deno.test("`positions2d()` refuses a width that four kinds of waves cannot share", () => {
  assertThrows(() => positions2d(2, 2, 6), "width 6 is not divisible by 4");
});
