import { assert, assertAllClose, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CLASSIFIER } from "@course/evaluation/classifier.ts";
import {
  CLASSIFIERS,
  decodeClassifier,
  encodeClassifier,
  loadClassifier,
} from "@course/evaluation/classifier_weights.ts";
import { encodeSafetensors, initialise } from "@course/nn/mod.ts";
import { createRandom } from "@course/random.ts";

const params = initialise(CLASSIFIER, createRandom(2));
const card = {
  dataset: "digits",
  trained_on: "some images",
  fingerprint: "digits:version 0",
  seed: 7,
  heldout_accuracy: 0.9955,
  recipe: "10 steps",
};

Deno.test("`decodeClassifier()` reads what `encodeClassifier()` wrote, to half precision", () => {
  const bytes = encodeClassifier({ params, card });
  const read = decodeClassifier(bytes);
  assertEquals(read.card, card);
  for (const [name, { data }] of Object.entries(params)) {
    assertAllClose(read.params[name]!.data, data, 1e-3, name);
  }
  assert(bytes.length < 200_000, `${bytes.length} bytes`);
});

Deno.test("`decodeClassifier()` refuses tensors of another model", () => {
  const { ["conv2.bias"]: _, ...others } = params;
  assertThrows(() => decodeClassifier(encodeSafetensors(others)), "conv2.bias is [missing]");
});

Deno.test("`loadClassifier()` says what is missing or damaged, and how to train it", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(() => loadClassifier("digits", folder), "`deno task classifier digits`");
  await Deno.writeFile(`${folder}/digits.safetensors`, encodeClassifier({ params, card }).slice(9));
  await assertRejects(() => loadClassifier("digits", folder), "Cannot use");
  await Deno.remove(folder, { recursive: true });
});

for (const [dataset, least] of [["digits", 0.995], ["mnist", 0.985]] as const) {
  Deno.test(`\`loadClassifier()\` has a good classifier of ${dataset} with its recipe`, async () => {
    const { card } = await loadClassifier(dataset);
    assertEquals(card.dataset, dataset);
    assert(card.heldout_accuracy >= least, `held-out accuracy ${card.heldout_accuracy}`);
    assert(card.recipe.includes("AdamW") && card.trained_on && Number.isInteger(card.seed));
    const { size } = await Deno.stat(`${CLASSIFIERS}/${dataset}.safetensors`);
    assert(size < 200_000, `${size} bytes`);
  });
}
