import { openCodec, reconstruct } from "@course/latents/mod.ts";
import { runReconstruct } from "@course/latents/reconstruct_cli.ts";
import { createRandom } from "@course/random.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { someImages, withFolder, writeTinyAutoencoder } from "./fixtures.ts";

Deno.test("noise on latents makes a reconstruction worse, the same noise by the same amount", () =>
  withFolder(async (folder) => {
    const codec = await openCodec(await writeTinyAutoencoder(folder));
    try {
      const images = someImages(4, 16);
      // What the decoder makes of them is the reference: then the error is that of the noise alone.
      const { images: back } = await reconstruct(codec, images, [16, 16, 3]);
      const errors = async (deviation: number, seed = 0) => {
        const noise = { deviation, random: createRandom(seed) };
        const { images: noisy } = await reconstruct(codec, images, [16, 16, 3], { noise });
        return noisy.reduce((sum, value, i) => sum + (value - back[i]!) ** 2, 0);
      };
      assertEquals(await errors(0), 0);
      assert(await errors(0.2) > await errors(0.1));
      assertEquals(await errors(0.2), await errors(0.2));
      assert(await errors(0.2) !== await errors(0.2, 1));
    } finally {
      await codec.dispose();
    }
  }));

Deno.test("the report on a codec has numbers for both sizes and a picture", () =>
  withFolder(async (folder) => {
    const path = await writeTinyAutoencoder(folder), printed: string[] = [];
    const out = `${folder}/picture.png`;
    await runReconstruct([path, "--images", "8", "--out", out], (line) => printed.push(line));
    const text = printed.join("\n");
    assertMatch(text, /8 images of 64 pixels, latents \[16, 16, 2\]\n {2}PSNR -?\d+\.\d\d dB/);
    assertMatch(text, /8 images of 32 pixels, latents \[8, 8, 2\]/);
    assertEquals((await Deno.readFile(out)).slice(1, 4), new TextEncoder().encode("PNG"));
    await assertRejects(
      () => runReconstruct(["vae", "--data", "picture"]),
      "did you mean pictures",
    );
  }));
