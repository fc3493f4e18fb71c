import { batchOf, loadDataset } from "@course/data/mod.ts";
import { loadAutoencoder, openCodec, reconstruct } from "@course/latents/mod.ts";
import { assert, assertAllClose, assertEquals } from "@std/assert";

Deno.test("the codec that comes with the course keeps pictures of 64 and of 32 pixels, in latents of unit variance", async () => {
  const codec = await openCodec("vae");
  try {
    const { card } = await loadAutoencoder("pictures");
    for (const [size, least] of [[64, 28], [32, 25]] as const) {
      const pictures = await loadDataset("pictures", {
        split: "heldout",
        size: 48,
        imageSize: size,
      });
      const indices = Array.from({ length: 48 }, (_, i) => i);
      const { images } = batchOf(pictures, indices);
      assertEquals(codec.latentShape(pictures.shape), [size / 4, size / 4, 4]);
      const { psnr } = await reconstruct(codec, images, pictures.shape);
      assert(psnr > least, `${psnr} dB at ${size} pixels`);
      // As the card says, but for the choice of pictures.
      const said = card!.reconstruction.find((one) => one.size === size)!.psnr;
      assert(Math.abs(psnr - said) < 1, `${psnr} dB, the card says ${said} dB`);

      const latents = await codec.encode(images, pictures.shape);
      const mean = latents.reduce((sum, value) => sum + value, 0) / latents.length;
      const square = latents.reduce((sum, value) => sum + value ** 2, 0) / latents.length;
      assertAllClose([mean, Math.sqrt(square)], [0, 1], 0.1, `latents at ${size} pixels`);
    }
  } finally {
    await codec.dispose();
  }
});
