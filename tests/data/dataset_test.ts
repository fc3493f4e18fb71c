import { assertEquals, assertRejects } from "@std/assert";
import { loadDataset, type Split } from "../../lib/data/mod.ts";

Deno.test("`loadDataset()` loads digits with shapes that agree", async () => {
  const dataset = await loadDataset("digits", { size: 30 });
  assertEquals(dataset.shape, [28, 28, 1]);
  assertEquals(dataset.images.length, 30 * 28 * 28);
  assertEquals(dataset.labels.length, 30);
  assertEquals(dataset.classes.length, 10);
});

Deno.test("`loadDataset()` lists the names it knows and guesses which was meant", async () => {
  await assertRejects(
    () => loadDataset("minst"),
    'There is no dataset "minst": did you mean "mnist"? Datasets are digits, mnist',
  );
  await assertRejects(() => loadDataset("toString"), "Datasets are digits, mnist");
});

Deno.test("`loadDataset()` refuses splits, sizes and seeds that cannot be", async () => {
  await assertRejects(
    () => loadDataset("digits", { split: "test" as Split }),
    "splits are train and heldout",
  );
  await assertRejects(() => loadDataset("digits", { size: 0 }), "Cannot load 0 images");
  await assertRejects(() => loadDataset("digits", { size: 1e10 }), "at most 2500000 of them");
  await assertRejects(() => loadDataset("digits", { size: 2.5 }), "Cannot load 2.5 images");
  await assertRejects(() => loadDataset("digits", { seed: -1 }), "Cannot use seed -1");
});
