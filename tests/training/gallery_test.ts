import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import sharp from "sharp";
import { runGallery } from "@course/training/gallery_cli.ts";
import { animate, writeGallery } from "@course/training/gallery.ts";
import { saveSamples } from "@course/training/pictures.ts";
import type { SampleSet } from "@course/training/task.ts";
import { newRun, withFolder } from "./fixtures.ts";

/** Four grey images of one brightness. */
function samples(brightness: number): SampleSet {
  const images = new Float32Array(4 * 8 * 8).fill(brightness);
  return { images, count: 4, shape: [8, 8, 1], columns: 2, rows: ["zero", "one"] };
}

Deno.test("a gallery shows every step's samples on one page and in one animation, in order", () =>
  withFolder(async (root) => {
    const run = await newRun(root);
    for (const [step, brightness] of [[0, -1], [20, 0], [100, 1]] as const) {
      await saveSamples(run, step, samples(brightness));
    }
    for (const animation of ["webp", "gif"] as const) {
      const files = await writeGallery(run, { animation, delay: 100 });
      assertEquals(files.steps, [0, 20, 100]);
      const film = await Deno.readFile(files.animation);
      const { pages, delay, loop, pageHeight, format } = await sharp(film, { animated: true })
        .metadata();
      assertEquals([pages, delay, loop, format], [3, [100, 100, 500], 0, animation]);
      const single = await sharp(await Deno.readFile(`${run.path}/samples/step-000100.png`))
        .metadata();
      assertEquals(pageHeight, single.height);
      // Brighter from frame to frame.
      const means = await Promise.all(
        [0, 1, 2].map(async (page) => (await sharp(film, { page }).stats()).channels[0]!.mean),
      );
      assert(means[0]! < means[1]! && means[1]! < means[2]!, `${means}`);
    }
    const page = await Deno.readTextFile(`${run.path}/gallery.html`);
    assertEquals(page.match(/<img class="frame"/g)!.length, 3);
    assertEquals(page.match(/<img class="frame" hidden/g)!.length, 2);
    assertStringIncludes(page, `max="2" value="2"`);
    assert(!/(src|href)="(?!data:)/.test(page), "the page holds all it needs");
  }));

Deno.test("frames of different sizes become one size", async () => {
  const frame = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "#000" } }).png().toBuffer();
  const film = await animate([await frame(10, 20), await frame(16, 12)], {
    kind: "webp",
    delay: 50,
  });
  const { width, pageHeight, pages } = await sharp(film, { animated: true }).metadata();
  assertEquals([width, pageHeight, pages], [16, 20, 2]);
});

Deno.test("a run without samples has no gallery, and the command says so", () =>
  withFolder(async (root) => {
    const run = await newRun(root);
    await assertRejects(() => writeGallery(run), "has drawn no samples");
    await assertRejects(
      () => runGallery([run.path, "--animation", "mp4"]),
      "expected one of webp, gif",
    );
    await saveSamples(run, 5, samples(0));
    const lines: string[] = [];
    await runGallery([run.path], (line) => lines.push(line));
    assertStringIncludes(lines.join("\n"), "1 moments of");
  }));
