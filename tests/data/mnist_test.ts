import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fetchMnist, loadMnist, verifyMnist } from "../../lib/data/mnist.ts";
import { idxFile } from "./idx_file.ts";
import { REAL_MNIST, realMnistIsMissing } from "./real_mnist.ts";

/** A folder with images whose first pixel is their number. */
async function folderOf(files: Record<string, { images: number; labels?: number[] }>) {
  const folder = await Deno.makeTempDir();
  for (
    const [prefix, { images, labels = Array.from({ length: images }, (_, n) => n % 10) }] of Object
      .entries(files)
  ) {
    const pixels = new Uint8Array(images * 784);
    for (let n = 0; n < images; n++) pixels[n * 784] = n;
    await Deno.writeFile(
      join(folder, `${prefix}-images-idx3-ubyte.gz`),
      gzipSync(idxFile([images, 28, 28], pixels)),
    );
    await Deno.writeFile(
      join(folder, `${prefix}-labels.idx1-ubyte`),
      idxFile([labels.length], labels),
    );
  }
  return folder;
}

Deno.test("`loadMnist()` splits a lone pair of files nine to one, without overlap", async () => {
  const folder = await folderOf({ t10k: { images: 30 } });
  const train = await loadMnist({ folder }),
    heldout = await loadMnist({ folder, split: "heldout" });
  assertEquals([train.size, heldout.size], [27, 3]);
  assertEquals(
    train.description,
    "MNIST handwritten digits: the first 27 images of the t10k files",
  );
  assertEquals(
    heldout.description,
    "MNIST handwritten digits: the last 3 images of the t10k files",
  );
  assertEquals(train.images[26 * 784], 26);
  assertEquals(heldout.images[0], 27);
  assertEquals([...heldout.labels], [7, 8, 9]);
  assertEquals(train.shape, [28, 28, 1]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`loadMnist()` uses MNIST's own split when all four files are there", async () => {
  const folder = await folderOf({ train: { images: 20 }, t10k: { images: 5 } });
  assertEquals((await loadMnist({ folder })).size, 20);
  assertEquals((await loadMnist({ folder, split: "heldout" })).size, 5);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`loadMnist()` takes as many images as asked, and gives them another fingerprint", async () => {
  const folder = await folderOf({ t10k: { images: 30 } });
  const all = await loadMnist({ folder }), some = await loadMnist({ folder, size: 10 });
  assertEquals(some.images, all.images.slice(0, 7840));
  assertMatch(some.fingerprint, /^mnist:[0-9a-f]{16}$/);
  assert(some.fingerprint !== all.fingerprint);
  await assertRejects(() => loadMnist({ folder, size: 28 }), "Cannot take 28 images of MNIST");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`loadMnist()` says how to get files that are missing", async () => {
  const folder = await folderOf({ t10k: { images: 10 } });
  await Deno.remove(join(folder, "t10k-labels.idx1-ubyte"));
  await assertRejects(() => loadMnist({ folder }), "t10k-labels is missing there");
  await Deno.remove(folder, { recursive: true });
  await assertRejects(() => loadMnist({ folder }), "run `deno task data fetch mnist`");
});

Deno.test("`loadMnist()` refuses files that do not belong together", async () => {
  const fewer = await folderOf({ t10k: { images: 10, labels: [1, 2, 3] } });
  await assertRejects(() => loadMnist({ folder: fewer }), "holds [3] labels for 10 images");
  const wrong = await folderOf({ t10k: { images: 2, labels: [1, 77] } });
  await assertRejects(() => loadMnist({ folder: wrong }), "holds label 77, expected 0 … 9");
  const small = await folderOf({ t10k: { images: 2 } });
  const images = join(small, "t10k-images-idx3-ubyte.gz");
  await Deno.writeFile(images, idxFile([2, 4, 4], new Uint8Array(32)));
  await assertRejects(() => loadMnist({ folder: small }), "holds [2, 4, 4], expected [N, 28, 28]");
  for (const folder of [fewer, wrong, small]) await Deno.remove(folder, { recursive: true });
});

Deno.test("`fetchMnist()` accepts nothing but the files whose SHA-256 is pinned", async () => {
  const folder = await Deno.makeTempDir();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("not MNIST"),
  );
  const mirrors = [`http://127.0.0.1:${server.addr.port}/`];
  await assertRejects(
    () => fetchMnist({ folder, mirrors }),
    "expected 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609, and was removed",
  );
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`verifyMnist()` tells missing files from wrong ones", async () => {
  const folder = await folderOf({ t10k: { images: 1 } });
  const states = (await verifyMnist(folder)).map(({ state }) => state);
  assertEquals(states, ["missing", "missing", "wrong", "missing"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "`loadMnist()` reads the real test files",
  ignore: realMnistIsMissing,
  async fn() {
    const train = await loadMnist({ folder: REAL_MNIST });
    const heldout = await loadMnist({ folder: REAL_MNIST, split: "heldout" });
    assertEquals([train.size, heldout.size], [9000, 1000]);
    assertEquals([...train.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const states = (await verifyMnist(REAL_MNIST)).slice(2).map(({ state }) => state);
    assertEquals(states, ["right", "right"]);
  },
});
