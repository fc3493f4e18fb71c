import { loadAutoencoder, openCodec, openOnnxDecoder } from "@course/latents/mod.ts";
import { exportCodec } from "@course/latents/export_codec.ts";
import { runExport } from "@course/training/export_cli.ts";
import { assertAllClose, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { someImages, withFolder, writeTinyAutoencoder } from "./fixtures.ts";

Deno.test("exported encoder and decoder give our numbers in onnxruntime-web", () =>
  withFolder(async (folder) => {
    const path = await writeTinyAutoencoder(folder), printed: string[] = [];
    const out = `${folder}/exported`;
    const args = ["--autoencoder", path, "--size", "16", "--batch", "2", "--out", out];
    await runExport(args, (line) => printed.push(line));
    assertStringIncludes(
      printed.join("\n"),
      "images float32[2, 16, 16, 3] → latents float32[2, 4, 4, 2]",
    );

    const codec = await openCodec(path), images = someImages(2, 16);
    const latents = await codec.encode(images, [16, 16, 3]);
    const decoded = await codec.decode(latents, [4, 4, 2]);
    await codec.dispose();
    const web = await import("onnxruntime-web");
    web.env.wasm.numThreads = 1;
    const run = async (file: string, input: string, data: Float32Array, shape: number[]) => {
      const session = await web.InferenceSession.create(await Deno.readFile(`${out}/${file}`));
      const results = await session.run({ [input]: new web.Tensor("float32", data, shape) });
      await session.release();
      return Object.values(results)[0]!.data as Float32Array;
    };
    const encoded = await run("encoder.onnx", "images", images, [2, 16, 16, 3]);
    assertAllClose(encoded, latents, 1e-4, "latents");
    const back = await run("decoder.onnx", "latents", latents, [2, 4, 4, 2]);
    assertAllClose(back, decoded, 1e-4, "images");
  }));

Deno.test("our own decoder, exported, plugs in as a decoder from elsewhere", () =>
  withFolder(async (folder) => {
    const path = await writeTinyAutoencoder(folder);
    const autoencoder = await loadAutoencoder(path);
    const { bytes } = exportCodec(autoencoder, "decode", { imageShape: [16, 16, 3], count: 1 });
    await Deno.writeFile(`${folder}/decoder.onnx`, bytes);
    const own = await openCodec(path);
    // Its scaling is inside, so outside there is none.
    const elsewhere = await openOnnxDecoder(`${folder}/decoder.onnx`, {
      scalingFactor: 1,
      channelFirst: false,
    });
    const latents = await own.encode(someImages(3, 16), [16, 16, 3]);
    assertEquals(elsewhere.latentShape([16, 16, 3]), [4, 4, 2]);
    assertAllClose(
      await elsewhere.decode(latents, [4, 4, 2]),
      await own.decode(latents, [4, 4, 2]),
      1e-4,
    );
    await own.dispose();
    await elsewhere.dispose();
  }));

Deno.test("an autoencoder that is not there is not exported", async () => {
  await assertRejects(() => runExport(["--autoencoder", "none"]), 'There is no autoencoder "none"');
});
