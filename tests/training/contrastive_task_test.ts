import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { digits, loadDataset, pictures } from "../../lib/data/mod.ts";
import { POOLED_WIDTH } from "../../lib/models/mod.ts";
import { loadCheckpoint, loadNewestCheckpoint } from "../../lib/training/checkpoint.ts";
import { compileTrainStep } from "../../lib/engine/mod.ts";
import { extendConfig } from "../../lib/training/config.ts";
import { adamw } from "../../lib/training/optimizers.ts";
import {
  alsoTrue,
  type CaptionedDataset,
  contrastiveFeed,
} from "../../lib/training/contrastive_feed.ts";
import {
  createContrastiveTask,
  type TextTrainConfig,
  tokenizerFor,
} from "../../lib/training/contrastive_task.ts";
import { bestPictures, retrieval } from "../../lib/training/retrieval.ts";
import { runFile, type RunFolder } from "../../lib/training/run_folder.ts";
import { train } from "../../lib/training/train.ts";
import { cpu, newRun, tenSteps, withFolder } from "./fixtures.ts";

const small = { imageSize: 32, size: 60 } as const;
const data = {
  train: await pictures(small),
  heldout: await pictures({ ...small, split: "heldout", size: 16 }),
};
const config = extendConfig(tenSteps, {
  model: { kind: "text-tower", width: 16, depth: 1, heads: 2, imageWidth: 8 },
  steps: 6,
  batchSize: 8,
  optimizer: { lr: 1e-3 },
  heldout: { images: 16 },
}) as TextTrainConfig;
const makeTask = () => createContrastiveTask(cpu, config, data);

/** Parameters, moments and averages after the last step. */
async function lastState(run: RunFolder, stopAt?: number) {
  const task = await makeTask(), stop = new AbortController();
  const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  const result = await train(task, run, cpu, {
    resume,
    stop: stop.signal,
    watch: { onStep: ({ step }) => step === stopAt && stop.abort() },
  });
  const { state } = await loadCheckpoint(result.checkpoint);
  await result.dispose();
  await task.dispose();
  assertEquals(result.step, stopAt ?? config.steps);
  return Object.fromEntries(
    Object.entries(state.tensors).map(([name, { data }]) => [name, [...data]]),
  );
}

Deno.test("a text tower that is stopped and resumed ends with exactly the same state", () =>
  withFolder(async (folder) => {
    const whole = await lastState(await newRun(`${folder}/whole`, config));
    const run = await newRun(`${folder}/resumed`, config);
    await lastState(run, 3);
    assertEquals(await lastState(run), whole);
  }));

Deno.test("the loss falls on a handful of pictures that are learned by heart", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder, extendConfig(config, { steps: 40, optimizer: { lr: 1e-2 } }));
    const few = await pictures({ ...small, size: 8 });
    const task = await createContrastiveTask(cpu, run.config as TextTrainConfig, {
      train: few,
      heldout: few,
    });
    const losses: number[] = [];
    const result = await train(task, run, cpu, {
      watch: { onStep: ({ loss }) => void losses.push(loss) },
    });
    const { numbers } = await task.heldout(result.weights());
    await result.dispose();
    await task.dispose();
    const mean = (from: number, to: number) =>
      losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
    assert(mean(35, 40) < 0.6 * mean(0, 5), `${losses}`);
    assert(numbers.image_of_text_place < 2, `place ${numbers.image_of_text_place}`);
  }));

Deno.test("the held-out loss is the same each time, and comes with retrieval numbers", async () => {
  const task = await makeTask();
  const [first, second] = [await task.heldout(task.params), await task.heldout(task.params)];
  assertEquals(first, second);
  const { ceiling, floor } = await task.heldoutBounds(task.params);
  const { chapters } = await task.judge(task.params);
  const shown = await task.sample(task.params);
  await task.dispose();
  assertEquals(floor, first.loss);
  assert(ceiling !== floor && Math.abs(ceiling - floor) < 0.2 * floor, "untrained alike on all");
  assertEquals(chapters![0]!.data, first.numbers);
  assertEquals(chapters![0]!.rows.length, 5);
  assertEquals([shown.count, shown.columns, shown.rows.length], [
    8 * shown.columns,
    shown.columns,
    8,
  ]);
  assertEquals(shown.rows[0], data.heldout.captions[0]);
  assert(Number.isFinite(first.loss) && first.loss > 0);
  const { text_of_image_place, image_of_text_place, right_over_wrong } = first.numbers;
  for (const place of [text_of_image_place, image_of_text_place]) {
    assert(place >= 1 && place <= 16, `place ${place}`);
  }
  assert(right_over_wrong! >= 0 && right_over_wrong! <= 1);
});

Deno.test("a dataset with captions and no facts is learned from by its captions alone", async () => {
  const { facts: _, ...train } = data.train, { facts: __, ...heldout } = data.heldout;
  const own = { train: { ...train, name: "folder" }, heldout: { ...heldout, name: "folder" } };
  const task = await createContrastiveTask(cpu, config, own);
  assertEquals(Object.keys(task.batch), ["images", "ids", "alsoTrue"]);
  assert(!Object.keys(task.params).some((name) => name.startsWith("heads")));
  const { loss, numbers } = await task.heldout(task.params);
  assert(Number.isFinite(loss) && numbers.right_over_wrong === undefined);
  await task.dispose();
});

Deno.test("facts that weigh nothing need no heads", async () => {
  const model = { ...config.model, factsWeight: 0 };
  const task = await createContrastiveTask(cpu, { ...config, model }, data);
  assert(!Object.keys(task.params).some((name) => name.startsWith("heads")));
  const step = await compileTrainStep(cpu, {
    loss: task.loss,
    params: task.params,
    batch: task.batch,
    optimizer: adamw(),
  });
  const { loss } = await step.run((await task.feed.next()).tensors, { learningRate: 1e-3 });
  assert(loss > 0);
  await step.dispose();
  await task.dispose();
});

Deno.test("pictures without captions are refused", async () => {
  const own = { train: digits({ size: 10 }), heldout: digits({ size: 10 }) };
  await assertRejects(() => createContrastiveTask(cpu, config, own), "digits: it has no captions");
});

const captioned = data.train as CaptionedDataset, tokenizer = tokenizerFor(captioned);
const feedOptions = { batchSize: 8, seed: 3, tokenizer, spelling: 0.2, droppedArticles: 0.2 };

Deno.test("a feed goes on from its position with the same pictures, captions and wrong captions", () => {
  const feed = contrastiveFeed(captioned, feedOptions), first = feed.next();
  const rest = [feed.next(), feed.next()];
  const resumed = contrastiveFeed(captioned, feedOptions);
  resumed.restore(JSON.parse(JSON.stringify(first.after)));
  assertEquals([resumed.next(), resumed.next()], rest);
  assertThrows(() => resumed.restore({ ...first.after, generators: {} }), 'generator "captions"');
});

Deno.test("captions are true of their pictures, wrong ones are wrong, and both say what they are labelled with", async () => {
  const { tensors } = contrastiveFeed(captioned, {
    ...feedOptions,
    spelling: 0,
    droppedArticles: 0,
  }).next();
  const { ids, wrongIds, said } = tensors;
  const text = (row: ArrayLike<number>) => Array.from(row, (id) => tokenizer.vocabulary[id]!);
  const { SAID_CHOICES } = await import("../../lib/data/pictures/said.ts");
  for (let i = 0; i < 16; i++) {
    const source = i < 8 ? ids! : wrongIds!, at = (i % 8) * tokenizer.length;
    const words = text(source.data.subarray(at, at + tokenizer.length));
    const start = i * SAID_CHOICES.length;
    const [noun, , colour] = said!.data.subarray(start, start + 3);
    // Plurals of the grammar begin as their singular does, but for its last letters.
    const name = SAID_CHOICES[0]!.values[noun! - 1]!;
    assert(words.some((word) => word.startsWith(name.slice(0, 3))), `${name} in ${words}`);
    if (colour! > 0) assert(words.includes(SAID_CHOICES[2]!.values[colour! - 1]!), `${words}`);
  }
  for (let i = 0; i < 8; i++) {
    const at = i * tokenizer.length, row = [at, at + tokenizer.length] as const;
    assert(`${ids!.data.subarray(...row)}` !== `${wrongIds!.data.subarray(...row)}`);
  }
});

Deno.test("equal captions count as true of each other's pictures where no facts are known", () => {
  assertEquals([...alsoTrue(["a cat", "a dog", "a cat"], undefined)], [
    ...[1, 0, 1],
    ...[0, 1, 0],
    ...[1, 0, 1],
  ]);
});

Deno.test("`retrieval()` counts places, passes over what is also true, and gives nothing for equal vectors", () => {
  const vector = (x: number, y: number) => {
    const values = new Float32Array(POOLED_WIDTH);
    values.set([x, y]);
    return values;
  };
  const join = (...vectors: Float32Array[]) => Float32Array.from(vectors.flatMap((v) => [...v]));
  const images = join(vector(1, 0), vector(0, 1), vector(0.8, 0.6));
  const own = new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const perfect = retrieval(images, images, own);
  assertEquals([perfect.text_of_image_first, perfect.image_of_text_place], [1, 1]);
  // The third text lies on the first image: by products 1, 0, 0.8 there, 0.8, 0.6, 1 for image three.
  const moved = join(vector(1, 0), vector(0, 1), vector(1, 0));
  const found = retrieval(images, moved, own);
  assertAlmostEquals(found.text_of_image_place, (1.5 + 1 + 1.5) / 3);
  assertAlmostEquals(found.image_of_text_place, (1 + 1 + 2) / 3);
  const passed = retrieval(images, moved, new Float32Array([1, 0, 1, 0, 1, 0, 1, 0, 1]));
  assertEquals([passed.text_of_image_place, passed.image_of_text_place], [1, 1]);
  const equal = join(vector(1, 0), vector(1, 0), vector(1, 0));
  assertEquals(retrieval(equal, equal, own).text_of_image_place, 2);
});

Deno.test("the pictures that fit a caption best come first, a caption per row", () => {
  const vector = (angle: number) => {
    const values = new Float32Array(POOLED_WIDTH);
    values.set([Math.cos(angle), Math.sin(angle)]);
    return values;
  };
  const join = (...angles: number[]) => Float32Array.from(angles.flatMap((a) => [...vector(a)]));
  const grey = Uint8Array.from([0, 51, 102, 255]);
  const dataset = {
    ...data.train,
    size: 4,
    shape: [1, 1, 1] as const,
    images: grey,
    captions: ["one", "two", "three", "four"],
  };
  const pairs = { images: join(0, 1, 2, 3), texts: join(0.1, 2.9, 1, 2) };
  const { images, count, rows } = bestPictures(dataset, pairs, { rows: 2, columns: 3 });
  assertEquals([count, rows], [6, ["one", "two"]]);
  const shown = [...images].map((value) => Math.round((value + 1) * 127.5));
  assertEquals(shown, [0, 51, 102, 255, 102, 51]);
});

Deno.test("`pictures` are what the text config learns from", async () => {
  const { default: text } = await import("../../configs/text.ts");
  assertEquals(text.model.kind, "text-tower");
  assert((await loadDataset(text.data.name, { size: 1 })).captions);
});
