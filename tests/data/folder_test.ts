import { dirname, join } from "node:path";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import sharp from "sharp";
import { runData } from "@course/data/cli.ts";
import { readCsv, writeCsv } from "@course/data/folder/csv.ts";
import { inspectFolder, loadDataset, loadFolder } from "@course/data/mod.ts";

/** A folder of files, removed afterwards: text as it is, or an image of one colour. */
async function withFolder(
  files: Record<string, string | Uint8Array>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(
        path,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Form = "png" | "jpeg" | "webp" | "gif";

/** An image of one colour, its grey different for every number. */
async function plain(grey: number, form: Form = "png", width = 40, height = 40) {
  const background = { r: grey, g: grey, b: grey };
  const image = sharp({ create: { width, height, channels: 3, background } });
  return new Uint8Array(await image.toFormat(form).toBuffer());
}

const middle = (pixels: Uint8Array, size: number) => pixels[(size * size / 2 + size / 2) * 3]!;

Deno.test("a CSV of captions is read, also with quotes, other columns and Windows line ends", async () => {
  await withFolder({
    "a.png": await plain(10),
    "deep/b.jpg": await plain(200, "jpeg"),
    "captions.csv": '\uFEFFid,Image,Caption\r\n7,a.png,"one, ""two"" and\r\nthree"\r\n' +
      "8,.\\deep\\b.jpg,a light square\r\n",
  }, async (folder) => {
    const { images, skipped, source } = await inspectFolder(folder, 16);
    assertEquals(skipped, []);
    assertEquals(source, "captions.csv");
    assertEquals(images.map(({ file, caption }) => [file, caption]), [
      ["a.png", 'one, "two" and three'],
      ["deep/b.jpg", "a light square"],
    ]);
    assertEquals(images.map(({ pixels }) => pixels.length), [768, 768]);
    assertEquals(middle(images[0]!.pixels, 16), 10);
    assert(Math.abs(middle(images[1]!.pixels, 16) - 200) < 3);
  });
});

Deno.test("JSON lines and text files beside the images are read as well, in every image format", async () => {
  const images = {
    "a.webp": await plain(30, "webp"),
    "b.gif": await plain(120, "gif"),
    "c.JPG": await plain(220, "jpeg"),
  };
  const lines = '{"file_name":"a.webp","text":"dark"}\n\n{"file_name":"b.gif","text":"middle"}\n' +
    '{"file_name":"c.JPG","text":"light"}\n';
  const texts = { "a.txt": "dark\n", "b.txt": "  middle ", "c.txt": "light" };
  for (const captions of [{ "metadata.jsonl": lines }, texts]) {
    await withFolder({ ...images, ...captions }, async (folder) => {
      const { images, skipped } = await inspectFolder(folder, 8);
      assertEquals(skipped, []);
      assertEquals(images.map(({ caption }) => caption), ["dark", "middle", "light"]);
    });
  }
});

Deno.test("everything that is skipped is in the report, with the reason", async () => {
  await withFolder({
    "good.png": await plain(10),
    "twin.png": await plain(10),
    "broken.png": "this is no image",
    "half.jpg": await plain(90, "jpeg", 200, 200).then((file) => file.slice(0, file.length / 2)),
    "empty.png": "",
    "silent.png": await plain(20),
    "unlisted.png": await plain(30),
    "notes.md": "text",
    "captions.csv":
      "file,caption\ngood.png,a\ntwin.png,b\nbroken.png,c\nhalf.jpg,d\nempty.png,e\n" +
      "silent.png,\nmissing.png,f\ngood.png,again\nnotes.md,g\n../outside.png,h\n,i\n",
  }, async (folder) => {
    const { images, skipped } = await inspectFolder(folder, 16);
    assertEquals(images.map(({ file }) => file), ["good.png"]);
    const why = Object.fromEntries(skipped.map(({ what, why }) => [what, why]));
    assertEquals(why["twin.png"], "the same image as good.png");
    assertStringIncludes(why["broken.png"]!, "it cannot be read as an image: ");
    assertStringIncludes(why["half.jpg"]!, "it cannot be read as an image: ");
    assertEquals(why["empty.png"], "the file is empty");
    assertEquals(why["captions.csv, line 7"], "silent.png has an empty caption");
    assertEquals(why["captions.csv, line 8"], "missing.png is not there");
    assertEquals(why["captions.csv, line 9"], "good.png already has a caption");
    assertEquals(why["captions.csv, line 10"], "notes.md is not an image");
    assertEquals(why["captions.csv, line 11"], "../outside.png lies outside the folder");
    assertEquals(why["captions.csv, line 12"], "it names no file");
    assertEquals(why["unlisted.png"], "no line of captions.csv names it");
    assertEquals(skipped.length, 11);
  });
  await withFolder({
    "a.png": await plain(1),
    "b.png": await plain(2),
    "c.png": await plain(3),
    "b.txt": " \n",
    "c.txt": "good",
  }, async (folder) => {
    assertEquals((await inspectFolder(folder, 16)).skipped, [
      { what: "a.png", why: "there is no a.txt beside it" },
      { what: "b.png", why: "b.txt is empty" },
    ]);
  });
  await withFolder({
    "a.png": await plain(1),
    "x.jsonl": 'nonsense\n[1]\n{"image":"a.png","caption":"good"}\n',
  }, async (folder) => {
    assertEquals((await inspectFolder(folder, 16)).skipped, [
      { what: "x.jsonl, line 1", why: "it is not a JSON object" },
      { what: "x.jsonl, line 2", why: "it is not a JSON object" },
    ]);
  });
});

Deno.test("images are cut to their middle square, turned upright, and laid on white", async () => {
  // Black on the left, grey in the middle, white on the right: 30×10.
  const stripes = new Uint8Array(30 * 10 * 3).map((_, i) =>
    [0, 128, 255][Math.floor(i / 3 % 30 / 10)]!
  );
  const raw = { width: 30, height: 10, channels: 3 as const };
  const wide = await sharp(stripes, { raw }).png().toBuffer();
  // Orientation 6: the camera was held a quarter turn to the left; upright, black is above.
  const turned = await sharp(stripes, { raw }).extract({ left: 0, top: 0, width: 20, height: 10 })
    .withMetadata({ orientation: 6 }).png().toBuffer();
  const clear = await sharp({
    create: { width: 9, height: 9, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  }).png().toBuffer();
  const files = { "clear.png": clear, "turned.png": turned, "wide.png": wide };
  const texts = { "clear.txt": "clear", "turned.txt": "turned", "wide.txt": "wide" };
  await withFolder({ ...files, ...texts }, async (folder) => {
    const { images: [onWhite, upright, square] } = await inspectFolder(folder, 10);
    assert(onWhite!.pixels.every((value) => value === 255));
    assert(square!.pixels.every((value) => Math.abs(value - 128) < 3));
    assertEquals(upright!.pixels[0], 0);
    assertEquals(upright!.pixels.at(-1), 128);
  });
});

Deno.test("about a tenth is held out, and an image stays where it is when others come", async () => {
  const some: Record<string, string | Uint8Array> = {};
  for (let i = 0; i < 120; i++) {
    some[`${i}.png`] = await plain(i, "png", 8, 8);
    some[`${i}.txt`] = `number ${i}`;
  }
  await withFolder(some, async (folder) => {
    const load = (split: "train" | "heldout") => loadFolder({ folder, split, imageSize: 8 });
    const train = await load("train"), heldout = await load("heldout");
    assertEquals(train.size + heldout.size, 120);
    assert(heldout.size >= 5 && heldout.size <= 22, `${heldout.size} held out`);
    assertEquals(new Set([...train.captions, ...heldout.captions]).size, 120);
    // Pixels belong to their captions.
    for (const { captions, images } of [train, heldout]) {
      for (const [i, caption] of captions.entries()) {
        assertEquals(images[i * 192], Number(caption.split(" ")[1]));
      }
    }
    for (let i = 120; i < 140; i++) {
      await Deno.writeFile(join(folder, `${i}.png`), await plain(i, "png", 8, 8));
      await Deno.writeTextFile(join(folder, `${i}.txt`), `number ${i}`);
    }
    const more = await load("heldout");
    assertEquals(heldout.captions.filter((caption) => !more.captions.includes(caption)), []);
    assert(more.fingerprint !== heldout.fingerprint);
    assertEquals((await load("heldout")).fingerprint, more.fingerprint);
    await Deno.writeTextFile(
      join(folder, `${more.captions[0]!.split(" ")[1]}.txt`),
      "another text",
    );
    assert((await load("heldout")).fingerprint !== more.fingerprint);
  });
});

Deno.test("`loadDataset()` loads a folder: captions, no classes, labels of 0", async () => {
  await withFolder({
    "a.png": await plain(1),
    "a.txt": "one",
    "b.png": await plain(2),
    "b.txt": "two",
  }, async (folder) => {
    const parts = [
      await loadDataset("folder", { folder, imageSize: 32 }),
      await loadDataset("folder", { folder, imageSize: 32, split: "heldout" }),
    ];
    for (const { shape, classes, labels, facts, size } of parts) {
      assertEquals([shape, classes, [...labels], facts, size], [
        [32, 32, 3],
        [],
        [0],
        undefined,
        1,
      ]);
    }
    assertEquals(parts.flatMap(({ captions }) => captions!).sort(), ["one", "two"]);
    await assertRejects(
      () => loadDataset("folder", { folder, size: 5 }),
      "there are 1. Look with `deno task data check",
    );
  });
});

Deno.test("a folder that cannot be used is refused with what to do", async () => {
  await assertRejects(() => loadFolder(), "Which folder?");
  await assertRejects(() => loadFolder({ folder: "/nowhere" }), "Cannot read the folder /nowhere");
  await withFolder({ "a.txt": "text" }, async (folder) => {
    await assertRejects(() => loadFolder({ folder }), "There are no images in");
  });
  const image = { "a.png": await plain(1) };
  await withFolder({ ...image, "a.csv": "", "b.csv": "" }, async (folder) => {
    await assertRejects(() => loadFolder({ folder }), "Cannot choose between a.csv, b.csv");
  });
  await withFolder({ ...image, "a.csv": "picture,caption\na.png,one\n" }, async (folder) => {
    await assertRejects(
      () => loadFolder({ folder }),
      'its first line is "picture,caption", expected a column of files called file_name, filename',
    );
  });
  await withFolder({ ...image, "a.csv": 'file,caption\na.png,"one\n' }, async (folder) => {
    await assertRejects(
      () => loadFolder({ folder }),
      "Cannot read line 2: a quote is opened there",
    );
  });
  await withFolder({ ...image, "a.jsonl": '{"picture":"a.png"}\n' }, async (folder) => {
    await assertRejects(() => loadFolder({ folder }), "none of its lines has a text in a field");
  });
});

for (const form of ["csv", "jsonl", "txt"]) {
  Deno.test(`exported pictures with captions as ${form} come back as they were`, async () => {
    await withFolder({}, async (above) => {
      const folder = join(above, "mine"), printed: string[] = [];
      const run = (...args: string[]) => runData(args, (line) => printed.push(line));
      const which = ["--count", "12", "--size", "32", "--stage", "scenes", "--seed", "3"];
      await run("export", "pictures", "--out", folder, "--captions", form, ...which);
      await run("check", folder);
      assertStringIncludes(printed.join("\n"), "12 images of");
      assertStringIncludes(printed.join("\n"), "Nothing was skipped");
      const { images } = await inspectFolder(folder, 32);
      const original = await loadDataset("pictures", {
        size: 12,
        imageSize: 32,
        stage: "scenes",
        seed: 3,
      });
      assertEquals(images.map(({ caption }) => caption), [...original.captions!]);
      for (const [i, { pixels }] of images.entries()) {
        assertEquals(pixels, original.images.slice(i * 3072, (i + 1) * 3072));
      }
      // As if the export had been killed on its way: it goes through, and all is as before.
      await Deno.remove(join(folder, "00011.png"));
      await run("export", "pictures", "--out", folder, "--captions", form, ...which);
      assertEquals((await inspectFolder(folder, 32)).images, images);
      await assertRejects(
        () => run("export", "pictures", "--out", folder, "--captions", form, "--count", "3"),
        "it holds other files, such as 000",
      );
    });
  });
}

Deno.test("`writeCsv()` and `readCsv()` are inverse, whatever the cells hold", () => {
  const rows = [["a", 'with "quotes"'], [" spaces ", "a,b"], ["two\nlines", ""], ["é", "'"]];
  assertEquals(readCsv(writeCsv(rows)), rows);
  assertEquals(readCsv("a,b\r\n\r\nc,d"), [["a", "b"], ["c", "d"]]);
  assertThrows(() => readCsv('a\nb,"c'), "Cannot read line 2");
});
