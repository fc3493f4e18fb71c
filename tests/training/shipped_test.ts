import { float32, type HostTensor } from "@course/tensors.ts";
import { createRandom, normals } from "@course/random.ts";
import { encodeSafetensors, initialise } from "@course/nn/mod.ts";
import { createImageSampler } from "@course/training/image_sampler.ts";
import {
  CHECKPOINTS,
  decodeShipped,
  encodeShipped,
  loadShipped,
  type ShippedCard,
  type ShippedContent,
  shippedNames,
  shippedPath,
} from "@course/training/shipped.ts";
import { shippedReadme } from "@course/training/shipped_table.ts";
import { modelFor } from "@course/training/trained_model.ts";
import { assert, assertAllClose, assertEquals, assertRejects, assertThrows } from "@std/assert";
import smoke from "../../configs/smoke.ts";
import { cpu, withFolder } from "./fixtures.ts";

const facts = { name: "a test", imageShape: [28, 28, 1], classes: ["a", "b"] } as const;
const judged = { value: 0.5, ceiling: 1, floor: 0 };
const card: ShippedCard = {
  what: "a test",
  command: "deno task train smoke",
  commit: null,
  step: 20,
  minutes: 0.1,
  machine: "a test",
  parameters: 1,
  trained_on: "nothing",
  fingerprint: "0",
  heldout_loss: { float32: 1, float16: 1 },
  samples: { count: 20, class_accuracy: judged, frechet: judged, diversity: judged },
};
const weights = initialise(modelFor(smoke, facts).params, createRandom(1));
const content: ShippedContent = { config: smoke, facts, card, weights };

Deno.test("a shipped model comes back with config, facts, card and weights to three digits", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(shippedPath("small", folder), encodeShipped(content));
    const { name, model, ...read } = await loadShipped("small", folder);
    assertEquals([name, model.classes, model.imageShape], ["small", 2, [28, 28, 1]]);
    assertEquals([read.config, read.facts, read.card], [smoke, {
      ...facts,
      imageShape: [28, 28, 1],
    }, card]);
    assertEquals(Object.keys(read.weights).sort(), Object.keys(weights).sort());
    for (const [name, { data, shape }] of Object.entries(weights)) {
      assertEquals(read.weights[name]!.shape, shape);
      assertEquals(read.weights[name]!.dtype, "float32");
      assertAllClose(read.weights[name]!.data, data, 5e-4, name);
    }
  });
});

Deno.test("an unknown model is refused with the names that there are", async () => {
  await withFolder(async (folder) => {
    await assertRejects(() => loadShipped("small", `${folder}/none`), "none came with this copy");
    await Deno.writeFile(shippedPath("small", folder), encodeShipped(content));
    await Deno.writeFile(shippedPath("other", folder), encodeShipped(content));
    assertEquals(await shippedNames(folder), ["other", "small"]);
    await assertRejects(
      () => loadShipped("smal", folder),
      'There is no trained model "smal": did you mean small? There are other, small',
    );
    await assertRejects(() => loadShipped("../small", folder), "There are other, small");
  });
});

Deno.test("a damaged, foreign or wrong file is refused with what is wrong and what to do", async () => {
  await withFolder(async (folder) => {
    const path = shippedPath("small", folder);
    const expectRefusal = async (bytes: Uint8Array, reason: string) => {
      await Deno.writeFile(path, bytes);
      const error = await assertRejects(() => loadShipped("small", folder), reason);
      assert(error.message.startsWith(`Cannot use ${path}: `), error.message);
      assert(error.message.endsWith("Put the file back as it came with the course"));
    };
    const bytes = encodeShipped(content);
    await expectRefusal(bytes.slice(0, -10), "it is truncated");
    await expectRefusal(encodeSafetensors(weights), 'its header says format "none"');
    const metadata = { format: "course model 1", config: JSON.stringify(smoke), facts: "{" };
    await expectRefusal(encodeSafetensors(weights, { metadata }), "the facts in its header is");
    const [[first], ...others] = Object.entries(weights) as [[string], ...[string, HostTensor][]];
    const fewer = Object.fromEntries(others);
    await expectRefusal(encodeShipped({ ...content, weights: fewer }), `it has no ${first}`);
  });
});

Deno.test("weights beyond half precision are refused, not spoiled", () => {
  const [name] = Object.keys(weights);
  const { shape, data } = weights[name!]!;
  const large = { ...weights, [name!]: float32(shape, Float32Array.from(data, () => 1e5)) };
  assertThrows(() => encodeShipped({ ...content, weights: large }), `Cannot write ${name} as F16`);
});

Deno.test("every model in checkpoints is small, complete, and what its card and the list say", async () => {
  const names = await shippedNames();
  for (const name of ["dit-digits", "dit-digits-no-null", "dit-mnist"]) {
    assert(names.includes(name));
  }
  const models = [];
  for (const name of names) {
    const bytes = await Deno.readFile(shippedPath(name));
    const shipped = await loadShipped(name);
    // Models that are asked in words know more.
    const most = shipped.model.text ? 10.5e6 : 3e6;
    assert(bytes.length < most, `${name}: ${bytes.length} bytes`);
    models.push({ ...shipped, bytes: bytes.length });
    assertEquals(decodeShipped(bytes).card, shipped.card);
    const { config, card } = shipped;
    // What learns examples by heart may end as soon as it knows them.
    if (name.startsWith("overfit")) assert(card.step <= config.steps);
    else assertEquals(card.step, config.steps);
    assertEquals(config.data.folder, undefined);
    assertEquals(config.objective.conditionDropout === 0, name === "dit-digits-no-null");
    const { float32, float16 } = card.heldout_loss;
    assert(Math.abs(float32 - float16) < 1e-4 * float32, `${name}: ${float32} became ${float16}`);
    const count = Object.values(shipped.weights).reduce((sum, { data }) => sum + data.length, 0);
    assertEquals(count, card.parameters);
  }
  const readme = await Deno.readTextFile(`${CHECKPOINTS}/README.md`);
  assertEquals(readme, shippedReadme(models));
});

Deno.test("a shipped model draws: guided samples have ink in the middle and none at the rim", async () => {
  const { model, weights, config } = await loadShipped("dit-digits");
  const { prediction } = config.objective;
  const drawing = createImageSampler(cpu, model, { count: 4, prediction });
  const noise = normals(createRandom(3), 4 * 784);
  const request = { noise, labels: [0, 3, 6, 8], sampler: "euler", steps: 6, guidance: 2 } as const;
  const images = await drawing.draw(weights, request);
  await drawing.dispose();
  const mean = (inside: boolean) => {
    const chosen = images.filter((_, i) => {
      const [row, column] = [Math.floor(i % 784 / 28), i % 28];
      return inside === (row > 4 && row < 24 && column > 4 && column < 24);
    });
    return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
  };
  assert(mean(false) < -0.95, `rim ${mean(false)}`);
  assert(mean(true) > -0.7, `middle ${mean(true)}`);
});
