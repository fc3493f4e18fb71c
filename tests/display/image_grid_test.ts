import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { imageGrid } from "../../lib/display/image_grid.ts";
import { strokedText, textWidth } from "../../lib/display/stroke_font.ts";

async function decode(png: Uint8Array) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)];
  return { ...info, at };
}

const MARGIN = 18;
const two = {
  data: new Uint8Array([0, 10, 20, 30, 200, 210, 220, 230]),
  count: 2,
  height: 2,
  width: 2,
  channels: 1,
};

Deno.test("`imageGrid()` enlarges grey pixels to sharp squares on a light page", async () => {
  const page = await decode(await imageGrid(two, { scale: 3, gap: 4, columns: 2 }));
  assertEquals([page.width, page.height], [2 * MARGIN + 2 * 6 + 4, 2 * MARGIN + 6]);
  assertEquals(page.at(MARGIN, MARGIN), [0, 0, 0]);
  assertEquals(page.at(MARGIN + 5, MARGIN + 2), [10, 10, 10]);
  assertEquals(page.at(MARGIN + 2, MARGIN + 3), [20, 20, 20]);
  assertEquals(page.at(MARGIN + 10, MARGIN), [200, 200, 200]);
  assert(page.at(MARGIN + 7, MARGIN).every((value) => value > 240));
});

Deno.test("`imageGrid()` draws numbers in [−1, 1] and bytes alike, and clamps what lies outside", async () => {
  const floats = Float32Array.from(two.data, (value) => value / 127.5 - 1);
  assertEquals(await imageGrid({ ...two, data: floats }), await imageGrid(two));
  const data = new Float32Array([-7, 7, NaN, 0]);
  const page = await decode(
    await imageGrid({ data, count: 1, height: 2, width: 2, channels: 1 }, { scale: 1 }),
  );
  assertEquals(page.at(MARGIN, MARGIN), [0, 0, 0]);
  assertEquals(page.at(MARGIN + 1, MARGIN), [255, 255, 255]);
  assertEquals(page.at(MARGIN, MARGIN + 1), [0, 0, 0]);
});

Deno.test("`imageGrid()` draws colours", async () => {
  const data = new Uint8Array([255, 0, 0, 1, 2, 3]);
  const page = await decode(
    await imageGrid({ data, count: 1, height: 1, width: 2, channels: 3 }, { scale: 1 }),
  );
  assertEquals(page.at(MARGIN, MARGIN), [255, 0, 0]);
  assertEquals(page.at(MARGIN + 1, MARGIN), [1, 2, 3]);
});

Deno.test("`imageGrid()` makes room for words and draws them", async () => {
  const plain = await decode(await imageGrid(two, { scale: 20, columns: 1 }));
  const png = await imageGrid(two, {
    scale: 20,
    columns: 1,
    title: "A title",
    labels: ["one", "two"],
    rowTitles: ["first", "second"],
    columnTitles: ["column"],
  });
  const page = await decode(png);
  assert(page.width > plain.width && page.height > plain.height);
  let dark = 0;
  for (let x = MARGIN; x < 80; x++) {
    for (let y = MARGIN; y < MARGIN + 12; y++) if (page.at(x, y)[0]! < 120) dark++;
  }
  assert(dark > 30, `the title has ${dark} dark pixels`);
});

Deno.test("`imageGrid()` refuses images and words that do not fit", async () => {
  await assertRejects(() => imageGrid({ ...two, count: 3 }), "from 8 values: they need 12");
  await assertRejects(() => imageGrid({ ...two, channels: 4 }), "images of 4 channels");
  await assertRejects(() => imageGrid({ ...two, count: 0 }), "count is 0");
  await assertRejects(() => imageGrid(two, { scale: 1.5 }), "scale is 1.5");
  await assertRejects(() => imageGrid(two, { columns: 0 }), "columns is 0");
  await assertRejects(() => imageGrid(two, { labels: ["one"] }), "labels has 1 words, expected 2");
});

Deno.test("`strokedText()` writes paths, so that no font is needed", () => {
  const svg = strokedText("Loss <0.2 & ☃", 0, 10, { size: 8, colour: "#000" });
  assert(!svg.includes("<text") && !svg.includes("&"));
  assertEquals(svg.match(/<path/g)?.length, 10);
});

Deno.test("`textWidth()` grows with size and text", () => {
  assertEquals(textWidth("", 10), 0);
  assertEquals(textWidth("00", 20), 2 * textWidth("00", 10));
  assert(textWidth("step 100", 10) > textWidth("step 10", 10));
});

Deno.test("`imageGrid()` breaks long words into lines where it is told how wide they may be", async () => {
  const labels = ["a large red chair on a blue background", "a dog"];
  const options = { scale: 20, columns: 2, labels };
  const long = await decode(await imageGrid(two, options));
  const broken = await decode(await imageGrid(two, { ...options, wordWidth: 100 }));
  const widest = Math.max(
    ...["a large red", "chair on a blue", "background"].map((line) => textWidth(line, 8.6)),
  );
  assert(broken.width < long.width / 2, `${broken.width}`);
  assert(widest < 100);
  // Two more lines.
  assertEquals(broken.height - long.height, 29);
});

Deno.test("`imageGrid()` leaves room for a label that is wider than the first image", async () => {
  const label = "much wider than it";
  const { width } = await decode(
    await imageGrid(two, { scale: 10, columns: 1, labels: [label, label] }),
  );
  assert(width >= textWidth(label, 8.6), `${width}`);
});

Deno.test("`imageGrid()` leaves room for words below those rows only that have some", async () => {
  const four = { ...two, data: new Uint8Array([...two.data, ...two.data]), count: 4 };
  const heightWith = async (labels: string[]) =>
    (await decode(await imageGrid(four, { columns: 2, labels, wordWidth: 60 }))).height;
  const none = await heightWith(["", "", "", ""]), one = await heightWith(["a", "b", "", ""]);
  const both = await heightWith(["a", "b", "c", "d"]);
  assert(none < one && one < both);
  assertEquals(both - one, one - none);
  assert(await heightWith(["a long word or two", "", "c", ""]) > both);
});
