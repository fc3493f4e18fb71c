import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fullLevels, fullOptions, liteLevels, liteOptions } from "../../../lib/flow/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import type { HostRecord } from "../../../lib/tensors.ts";

const BATCH = 40, TOKENS = 50;

/** Draws with a fixed seed; further levels are uniform, the base is 0.5, 0.5, … */
function draws(seed = 1) {
  const further = createRandom(seed + 100);
  return {
    base: new Float32Array(BATCH).fill(0.5),
    tokens: TOKENS,
    draw: (count: number) => new Float32Array(count).map(() => further.uniform()),
    random: createRandom(seed),
  };
}

const lite = (options: object) => liteLevels(liteOptions({ kind: "lite", ...options }, 4), draws());

/** The different levels of each image. */
function levelsOf({ t }: HostRecord): number[][] {
  return Array.from({ length: BATCH }, (_, image) => {
    return [...new Set(t!.data.slice(image * TOKENS, (image + 1) * TOKENS))];
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

Deno.test("with a level of its own for every token, no two tokens share one but the hidden ones", () => {
  const { t, masked, levels } = lite({});
  assertEquals(t!.shape, [BATCH, TOKENS]);
  assertEquals(levels, undefined);
  const own = [...t!.data].filter((_, i) => masked!.data[i] === 0);
  assertEquals(new Set(own).size, own.length);
  assertAlmostEquals(mean(own), 0.5, 0.03);
  [...masked!.data].forEach((hidden, i) => hidden && assertEquals(t!.data[i], 1));
});

Deno.test("a quarter of the tokens is hidden, at the level that is asked for", () => {
  const { t, masked } = lite({ maskLevel: 0.75, levels: 1 });
  assertAlmostEquals(mean(masked!.data), 0.25, 0.03);
  t!.data.forEach((level, i) => assertEquals(level, masked!.data[i] === 1 ? 0.75 : 0.5));
});

Deno.test("nothing hidden and one level leave the level of the image to all its tokens", () => {
  assertEquals(new Set(lite({ maskShare: 0, levels: 1 }).t!.data), new Set([0.5]));
});

Deno.test("of three levels of an image, each token takes one, the usual one among them", () => {
  const drawn = lite({ levels: 3, maskShare: 0.1 });
  for (const found of levelsOf(drawn)) {
    assert(found.length <= 4 && found.includes(0.5), `levels ${found}`);
  }
  const visible = [...drawn.t!.data].filter((_, i) => drawn.masked!.data[i] === 0);
  assertAlmostEquals(visible.filter((level) => level === 0.5).length / visible.length, 1 / 3, 0.04);
});

for (
  const [name, drawn] of [
    ["lite", lite({ levels: 3 })],
    ["full", fullLevels(fullOptions({ kind: "full" }, 4), draws())],
  ] as const
) {
  Deno.test(`the palette of the ${name} kind says the same as the levels of the tokens`, () => {
    const { t, levels, which } = drawn, size = levels!.shape[1]!;
    t!.data.forEach((level, i) => {
      const row = [...which!.data.slice(i * size, (i + 1) * size)];
      assertEquals(row.reduce((sum, mark) => sum + mark, 0), 1);
      assertEquals(level, levels!.data[Math.floor(i / TOKENS) * size + row.indexOf(1)]!);
    });
  });
}

Deno.test("Self-Flow gives an image two levels, and the teacher the lower of them", () => {
  const drawn = fullLevels(fullOptions({ kind: "full" }, 4), draws());
  levelsOf(drawn).forEach((found, image) => {
    assertEquals(found.length, 2);
    assertEquals(drawn.teacher_t!.data[image], Math.min(...found));
  });
  const second = [...drawn.t!.data].filter((level) => level !== 0.5).length;
  assertAlmostEquals(second / drawn.t!.data.length, 0.25, 0.03);
  assertAlmostEquals(mean(drawn.levels!.data.filter((_, i) => i % 2 === 1)), 0.5, 0.12);
});

Deno.test("the layers of the paper: 0.3 and 0.7 of the blocks, and half of them for the lite kind", () => {
  const { studentLayer, teacherLayer, weight } = fullOptions({ kind: "full" }, 28);
  assertEquals([studentLayer, teacherLayer, weight], [8, 20, 0.8]);
  assertEquals(liteOptions({ kind: "lite" }, 8).layer, 4);
  assertEquals(liteOptions({ kind: "lite" }, 1).layer, 1);
});

Deno.test("options that cannot be are refused in a sentence", () => {
  assertThrows(
    () => liteOptions({ kind: "lite", layer: 5 }, 4),
    "Self-Flow's layer is 5: expected the number of a block, 1 … 4",
  );
  assertThrows(() => liteOptions({ kind: "lite", maskShare: 1.5 }, 4), "a number from 0 to 1");
  assertThrows(() => liteOptions({ kind: "lite", levels: 0 }, 4), "0 noise levels");
  assertThrows(() => liteOptions({ kind: "lite", weight: -1 }, 4), "weight is -1");
  assertThrows(
    () => fullOptions({ kind: "full", studentLayer: 3, teacherLayer: 2 }, 4),
    "studentLayer 3 is deeper than its teacherLayer 2",
  );
});
