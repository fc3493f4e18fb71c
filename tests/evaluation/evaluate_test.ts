import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { batchOf, digits } from "@course/data/mod.ts";
import { openDevice } from "@course/engine/mod.ts";
import { evaluateSamples, type Evaluation, openEvaluator } from "@course/evaluation/evaluate.ts";
import { createRandom } from "@course/random.ts";

const device = await openDevice("cpu");
const real = { train: digits({ size: 1000 }), heldout: digits({ split: "heldout", size: 200 }) };
const evaluator = await openEvaluator(device, { dataset: "digits", real });

/** Digits that neither the classifier nor the references have seen, as if a perfect model had drawn them. */
const perfect = batchOf(digits({ size: 200, seed: 99 }), Array.from({ length: 200 }, (_, i) => i));

const evaluate = (images: Float32Array, labels: ArrayLike<number> = perfect.labels) =>
  evaluator.evaluate({ images, labels });

/** Share of the way from floor to ceiling. */
function place({ value, floor, ceiling }: Evaluation["frechet"]): number {
  return (value - floor) / (ceiling - floor);
}

Deno.test("`evaluate()` puts perfect samples at the ceiling", async () => {
  const result = await evaluate(perfect.images);
  assert(result.class_accuracy!.value > 0.98, `accuracy ${result.class_accuracy!.value}`);
  for (const name of ["class_accuracy", "frechet", "mmd"] as const) {
    const at = place(result[name]!);
    assert(at > 0.9 && at < 1.1, `${name} ${JSON.stringify(result[name])}`);
  }
  const { value, ceiling } = result.diversity;
  assertAlmostEquals(value / ceiling, 1, 0.1);
  assertEquals([result.count, result.ceiling_count, result.reference_count], [200, 200, 1000]);
});

Deno.test("`evaluate()` puts noise at the floor", async () => {
  const random = createRandom(8);
  const noise = perfect.images.map(() => Math.max(-1, Math.min(1, random.normal())));
  const result = await evaluate(noise);
  for (const name of ["class_accuracy", "frechet", "mmd"] as const) {
    assert(Math.abs(place(result[name]!)) < 0.1, `${name} ${JSON.stringify(result[name])}`);
  }
  assert(result.class_accuracy!.value < 0.2);
});

Deno.test("`evaluate()` sees samples get worse as noise is added", async () => {
  const random = createRandom(9), noise = perfect.images.map(() => random.normal());
  const distances: Evaluation[] = [];
  for (const amount of [0, 0.3, 0.6, 1]) {
    distances.push(await evaluate(perfect.images.map((value, i) => value + amount * noise[i]!)));
  }
  for (const name of ["frechet", "mmd"] as const) {
    const values = distances.map((distance) => distance[name].value);
    assertEquals(values, values.toSorted((a, b) => a - b), `${name} ${values}`);
  }
});

Deno.test("`evaluate()` counts how often each class was read as which", async () => {
  // Every class is asked for, but the next one is drawn.
  const asked = perfect.labels.map((label) => (label + 9) % 10);
  const { class_accuracy, confusion, per_class } = await evaluate(perfect.images, asked);
  assert(class_accuracy!.value < 0.02);
  for (let label = 0; label < 10; label++) {
    assertEquals(confusion[label]!.reduce((sum, value) => sum + value, 0), 20);
    assert(confusion[label]![(label + 1) % 10]! >= 18);
    assertAlmostEquals(per_class[label]!, confusion[label]![label]! / 20);
  }
});

Deno.test("`evaluate()` notices that every class is always drawn alike", async () => {
  const first = perfect.images.slice(0, 7840);
  const images = new Float32Array(200 * 784).map((_, i) => first[i % 7840]!);
  const { diversity, frechet } = await evaluate(images);
  assertAlmostEquals(diversity.value, 0, 1e-5);
  assert(frechet.value > 1.5 * frechet.ceiling, JSON.stringify(frechet));
});

Deno.test("`evaluate()` judges samples without classes by everything but their class", async () => {
  const result = await evaluator.evaluate({ images: perfect.images });
  assertEquals(result.class_accuracy, null);
  assert(place(result.frechet) > 0.9);
});

Deno.test("`evaluate()` leaves classes that were not asked for open", async () => {
  const threes = [...perfect.labels.keys()].filter((i) => perfect.labels[i] === 3);
  const images = threes.flatMap((i) => [...perfect.images.slice(i * 784, (i + 1) * 784)]);
  const result = await evaluate(Float32Array.from(images), threes.map(() => 3));
  assert(result.per_class[3]! > 0.9);
  assertEquals(result.per_class[4], null);
});

Deno.test("`evaluate()` gives the same numbers again, ready for JSON", async () => {
  const first = await evaluate(perfect.images), second = await evaluate(perfect.images);
  assertEquals(first, second);
  assertEquals(JSON.parse(JSON.stringify(first)), first);
});

Deno.test("`evaluate()` refuses what it cannot judge", async () => {
  await assertRejects(() => evaluate(new Float32Array(100)), "Cannot judge 100 numbers");
  await assertRejects(() => evaluate(perfect.images, [1, 2]), "2 labels for 200 samples");
  await assertRejects(() => evaluate(perfect.images, perfect.labels.map(() => 10)), "label 10");
  const broken = perfect.images.slice();
  broken[5 * 784] = NaN;
  await assertRejects(() => evaluate(broken), "sample 5: it holds NaN");
});

Deno.test("`evaluateSamples()` does it all in one call and names an unknown dataset", async () => {
  const samples = { images: perfect.images, labels: perfect.labels };
  const { frechet } = await evaluateSamples(device, samples, { dataset: "digits", real });
  assertEquals(frechet, (await evaluate(perfect.images)).frechet);
  await assertRejects(() => evaluateSamples(device, samples, { dataset: "digit" }), "digits");
});
