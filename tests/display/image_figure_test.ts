import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import sharp from "sharp";
import { filmstripFigure, imageFigure, imagesOf } from "@course/display/mod.ts";
import { createRandom } from "@course/random.ts";
import { float32 } from "../../lib/tensors.ts";

const MARGIN = 18;

/** Pixels of the page (half of those of the picture). */
async function page(png: Uint8Array | undefined) {
  const { data, info } = await sharp(png!).toColourspace("srgb").removeAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width / 2,
    height: info.height / 2,
    at: (
      x: number,
      y: number,
    ) => [...data.subarray((y * 2 * info.width + x * 2) * 3).subarray(0, 3)],
  };
}

const ramp = {
  data: new Uint8Array([0, 60, 120, 180]),
  count: 4,
  height: 1,
  width: 1,
  channels: 1,
};

Deno.test("`imageFigure()` draws two pixels for each one of the page", async () => {
  const figure = await imageFigure(ramp, { alt: "Four greys", scale: 10, columns: 2 });
  const { width, height, at } = await page(figure.png);
  assertEquals(figure.size, { width, height });
  assertEquals(at(MARGIN, MARGIN), [0, 0, 0]);
  assertEquals(at(MARGIN + 16, MARGIN), [60, 60, 60]);
  assertEquals(at(MARGIN + 16, MARGIN + 16), [180, 180, 180]);
  assert(figure.html!.includes(`width="${width}" height="${height}"`));
  assert(figure.html!.includes('alt="Four greys"'));
  assertEquals(figure.text, "4 grey images of 1 × 1 pixels");
});

Deno.test("`imageFigure()` keeps colours", async () => {
  const data = new Uint8Array([250, 20, 30]);
  const figure = await imageFigure({ data, count: 1, height: 1, width: 1, channels: 3 }, {
    alt: "Red",
    scale: 4,
  });
  assertEquals((await page(figure.png)).at(MARGIN, MARGIN), [250, 20, 30]);
});

Deno.test("words wider than the images move them apart", async () => {
  const labels = ["a rather long label", "b", "c", "d"];
  const wide = await imageFigure(ramp, { alt: "", scale: 10, columns: 4, labels });
  const narrow = await imageFigure(ramp, { alt: "", scale: 10, columns: 4 });
  assert(wide.size!.width > narrow.size!.width + 100);
});

Deno.test("`filmstripFigure()` has samples in rows and frames in columns, and an arrow of time", async () => {
  const frame = (first: number, second: number) => ({
    data: new Uint8Array([first, second]),
    count: 2,
    height: 1,
    width: 1,
    channels: 1,
  });
  const figure = await filmstripFigure([frame(10, 20), frame(110, 120), frame(210, 220)], {
    alt: "Two samples in three frames",
    scale: 10,
  });
  const { at, height } = await page(figure.png);
  const rows = [0, 1].map((row) =>
    [0, 1, 2].map((column) => at(MARGIN + 16 * column + 2, MARGIN + 16 * row + 2)[0])
  );
  assertEquals(rows, [[10, 110, 210], [20, 120, 220]]);
  assert(at(MARGIN + 20, height - MARGIN)[0]! < 160, "the arrow is dark");
  const still = await filmstripFigure([frame(10, 20), frame(110, 120)], {
    alt: "Two versions of two samples",
    scale: 10,
    arrow: false,
  });
  assert((await page(still.png)).height < height, "no room is left for an arrow");
});

Deno.test("`filmstripFigure()` refuses frames that do not fit together", async () => {
  await assertRejects(() => filmstripFigure([], { alt: "" }), "without frames");
  const larger = { ...ramp, height: 2, count: 2 };
  await assertRejects(
    () => filmstripFigure([ramp, larger], { alt: "" }),
    "frame 1 is [2, 2, 1, 1], the first is [4, 1, 1, 1]",
  );
  await assertRejects(
    () => filmstripFigure([ramp], { alt: "", titles: ["a", "b"] }),
    "columnTitles has 2 words, expected 1",
  );
});

Deno.test("`imagesOf()` takes tensors of tfjs and of the host, a batch or one image", () => {
  const values = [-1, 0, 1, 0.5];
  const expected = { data: Float32Array.from(values), count: 1, height: 2, width: 2, channels: 1 };
  assertEquals(imagesOf(tf.tensor4d(values, [1, 2, 2, 1])), expected);
  assertEquals(imagesOf(tf.tensor3d(values, [2, 2, 1])), expected);
  assertEquals(imagesOf(float32([1, 2, 2, 1], values)), expected);
});

Deno.test("`imagesOf()` refuses what are no images", () => {
  assertThrows(() => imagesOf(tf.zeros([28, 28])), "a tensor [28, 28] as images");
  assertThrows(() => imagesOf(tf.zeros([2, 4, 4, 4])), "expected [B, H, W, C] with C = 1");
});

Deno.test("few colours take less than two thirds of the bytes, and look alike", async () => {
  const random = createRandom(1), size = 24 * 24 * 3;
  const noisy = {
    data: Float32Array.from(
      { length: 4 * size },
      (_, i) => 0.5 * (i % 3) + 0.2 * random.normal() - 0.5,
    ),
    count: 4,
    height: 24,
    width: 24,
    channels: 3,
  };
  const full = await imageFigure(noisy, { alt: "", scale: 1 });
  const few = await imageFigure(noisy, { alt: "", scale: 1, fewColours: true });
  assert(few.png!.length < 0.67 * full.png!.length, `${few.png!.length} of ${full.png!.length}`);
  const [before, after] = [await page(full.png), await page(few.png)];
  assertEquals([after.width, after.height], [before.width, before.height]);
  let difference = 0;
  for (let y = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++) {
      const other = after.at(x, y);
      before.at(x, y).forEach((value, c) => difference += Math.abs(value - other[c]!));
    }
  }
  // Of 256 steps of brightness.
  assert(difference / (3 * before.width * before.height) < 8, `${difference}`);
});
