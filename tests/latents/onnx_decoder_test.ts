import { openCodec, openOnnxDecoder } from "@course/latents/mod.ts";
import { channelsFirst, channelsLast } from "@course/latents/channel_order.ts";
import { createRandom, normals } from "@course/random.ts";
import { assert, assertAllClose, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type StandIn, standInDecoder, withFolder } from "./fixtures.ts";

const LATENT = [2, 2, 12] as const;

async function written(folder: string, standIn?: StandIn): Promise<string> {
  const path = `${folder}/decoder.onnx`;
  await Deno.writeFile(path, standInDecoder(standIn));
  return path;
}

/** What the stand-in computes, by hand: pixel (2y + i, 2x + j) of colour c is channel (2i + j) · 3 + c at (y, x). */
function byHand(latents: Float32Array, count: number): Float32Array {
  const images = new Float32Array(count * 4 * 4 * 3);
  for (let n = 0; n < count; n++) {
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        for (let colour = 0; colour < 3; colour++) {
          const channel = ((row % 2) * 2 + column % 2) * 3 + colour;
          const at = ((n * 2 + (row >> 1)) * 2 + (column >> 1)) * 12 + channel;
          images[((n * 4 + row) * 4 + column) * 3 + colour] = latents[at]!;
        }
      }
    }
  }
  return images;
}

Deno.test("a decoder from elsewhere decodes, with its scaling and its order of channels", () =>
  withFolder(async (folder) => {
    const codec = await openOnnxDecoder(await written(folder), {
      scalingFactor: 4,
      shift: 0.1,
      channelFirst: true,
    });
    try {
      assertEquals(codec.latentShape([4, 4, 3]), [2, 2, 12]);
      // More than run at once, and not a multiple of it.
      const count = 11, scaled = normals(createRandom(1), count * 48);
      const expected = byHand(scaled.map((value) => value / 4 + 0.1), count)
        .map((value) => Math.min(1, Math.max(-1, value)));
      assertAllClose(await codec.decode(scaled, LATENT), expected, 1e-6);
      assert(Math.max(...expected.map(Math.abs)) > 0.5, "the images are not flat");
    } finally {
      await codec.dispose();
    }
  }));

Deno.test("a decoder with a fixed batch decodes any number of latents", () =>
  withFolder(async (folder) => {
    const path = await written(folder, { input: [2, 12, 2, 2], output: [2, 3, 4, 4] });
    const codec = await openOnnxDecoder(path, { scalingFactor: 1, channelFirst: true });
    try {
      const latents = normals(createRandom(2), 3 * 48).map((value) => value / 4);
      const images = await codec.decode(latents, LATENT);
      assertAllClose(images, byHand(latents, 3), 1e-6);
    } finally {
      await codec.dispose();
    }
  }));

Deno.test("its fingerprint follows from the file and the scaling", () =>
  withFolder(async (folder) => {
    const path = await written(folder);
    const fingerprint = async (scalingFactor: number) => {
      const codec = await openOnnxDecoder(path, { scalingFactor, channelFirst: true });
      await codec.dispose();
      return codec.fingerprint;
    };
    assertEquals(await fingerprint(0.5), await fingerprint(0.5));
    assert(
      await fingerprint(0.5) !== await fingerprint(0.6),
      "another scaling, the same fingerprint",
    );
  }));

Deno.test("a name can carry a decoder's path and scaling, as settings do", () =>
  withFolder(async (folder) => {
    const path = await written(folder), latents = normals(createRandom(3), 48);
    const codec = await openCodec(`${path}?scaling=4&shift=0.1`);
    const same = await openOnnxDecoder(path, { scalingFactor: 4, shift: 0.1, channelFirst: true });
    assertEquals(codec.fingerprint, same.fingerprint);
    assertEquals(await codec.decode(latents, LATENT), await same.decode(latents, LATENT));
    await codec.dispose();
    await same.dispose();
  }));

Deno.test("channels change places and back", () => {
  const values = Float32Array.from({ length: 2 * 2 * 3 * 4 }, (_, i) => i);
  const first = channelsFirst(values, 2, [2, 3, 4]);
  // Channel 1 of the first image at row 0, column 2.
  assertEquals(first[1 * 6 + 2], values[2 * 4 + 1]!);
  assertEquals([...channelsLast(first, 2, [2, 3, 4])], [...values]);
});

Deno.test("what cannot decode is refused with what it takes and gives", () =>
  withFolder(async (folder) => {
    const open = async (standIn: StandIn, channelFirst = true) =>
      await openOnnxDecoder(await written(folder, standIn), { scalingFactor: 1, channelFirst });
    await assertRejects(() => open({ extra: true }), "it has 1 inputs and 2 outputs");
    await assertRejects(() => open({ elementType: 11 }), "latent is not float32");
    await assertRejects(
      () => open({}, false),
      "its images have 4 channels instead of 3 (do channels come first?)",
    );
    await assertRejects(
      () => open({ input: ["b", 12, 2, 2], output: ["b", 3, 4, 4], extra: true }),
      "latent float32[b, 12, 2, 2]",
    );
    await assertRejects(
      () => openOnnxDecoder(`${folder}/none.onnx`, { scalingFactor: 1, channelFirst: true }),
      "There is no file",
    );
    await Deno.writeTextFile(`${folder}/text.onnx`, "not a model");
    await assertRejects(
      () => openOnnxDecoder(`${folder}/text.onnx`, { scalingFactor: 1, channelFirst: true }),
      "as an ONNX model",
    );
    await assertRejects(
      () => openOnnxDecoder("any.onnx", { scalingFactor: 0, channelFirst: true }),
      "scaling factor of 0",
    );
    await assertRejects(() => openCodec("decoder.onnx"), "write decoder.onnx?scaling=0.41407");
    await assertRejects(
      () => openCodec("decoder.onnx?scaling=a"),
      'scaling of decoder.onnx is "a"',
    );
    await assertRejects(() => openCodec("decoder.onnx?scale=1"), 'Cannot read "scale"');
    await assertRejects(() => openCodec("decoder.onnx?scaling=1&channels=2"), "first or last");
  }));

Deno.test("latents of another shape, and encoding, are refused in a sentence", () =>
  withFolder(async (folder) => {
    const path = await written(folder);
    const codec = await openOnnxDecoder(path, { scalingFactor: 1, channelFirst: true });
    try {
      await assertRejects(
        () => codec.decode(new Float32Array(48), [4, 4, 3]),
        "it takes [2, 2, 12] (height, width, channels)",
      );
      await assertRejects(() => codec.decode(new Float32Array(47), LATENT), "47 numbers");
      await assertRejects(() => codec.encode(new Float32Array(48), [4, 4, 3]), "a decoder alone");
    } finally {
      await codec.dispose();
    }
    const open = await openOnnxDecoder(
      await written(folder, { input: ["b", 12, "h", "w"], output: ["b", 3, "H", "W"] }),
      { scalingFactor: 1, channelFirst: true },
    );
    try {
      assertThrows(() => open.latentShape([4, 4, 3]), "leaves its sizes open");
      assertEquals(
        (await open.decode(new Float32Array(12 * 3 * 5), [3, 5, 12])).length,
        6 * 10 * 3,
      );
    } finally {
      await open.dispose();
    }
  }));
