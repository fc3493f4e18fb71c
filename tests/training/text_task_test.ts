import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openShards, prepareCached, prepareSynthetic } from "@course/data/shards/mod.ts";
import { toHost } from "@course/engine/mod.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { loadNewestCheckpoint } from "@course/training/checkpoint.ts";
import { createTask } from "@course/training/create_task.ts";
import { encodeAll } from "@course/training/prompt_sampler.ts";
import { openPromptModel } from "@course/training/prompt_model.ts";
import { samplePrompts } from "@course/training/sample_prompts.ts";
import { openTextData } from "@course/training/text_data.ts";
import type { TextTask } from "@course/training/text_task.ts";
import { train } from "@course/training/train.ts";
import { modelOf, weightsOf } from "@course/training/trained_model.ts";
import { runFile } from "@course/training/run_folder.ts";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

/** A very small model that is asked in words, on pixels of very small pictures. */
const config: TrainConfig = extendConfig(smoke, {
  name: "words",
  data: { name: "pictures", size: 36, imageSize: 16 },
  model: { kind: "dit", width: 16, depth: 1, heads: 2, patch: 8 },
  text: { encoder: "bag-of-words" },
  curriculum: [
    { from: 0, nouns: 1, attributes: 0, scenes: 0 },
    { from: 0.5, nouns: 1, attributes: 1, scenes: 1 },
  ],
  steps: 8,
  batchSize: 4,
  every: { log: 1, heldout: 4, samples: 8, checkpoint: 2 },
  heldout: { images: 12, bins: 2 },
  sampling: { steps: 2, perClass: 2, prompts: ["a dog", "two red apples"] },
});

async function openTask(root: string, changed = config): Promise<TextTask> {
  const { kind, task } = await createTask(cpu, changed, { root });
  assertEquals(kind, "text");
  return task as TextTask;
}

async function finalWeights(folder: string, stopAfter: number[]): Promise<Float32Array[]> {
  const run = await newRun(folder, config);
  for (const last of [...stopAfter, config.steps]) {
    const task = await openTask(`${folder}/../shards`);
    const stop = new AbortController();
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    const result = await train(task, run, cpu, {
      resume,
      stop: stop.signal,
      watch: { onStep: ({ step }) => step >= last && stop.abort() },
    });
    const weights = Object.values(result.weights());
    const numbers = await Promise.all(
      weights.map(async (value) => (await toHost(value)).data.slice() as Float32Array),
    );
    await result.dispose();
    await task.dispose();
    if (last === config.steps) return numbers;
  }
  throw new Error("unreachable");
}

Deno.test("a run with prompts that is stopped and resumed ends with the same weights", () =>
  withFolder(async (root) => {
    for (const name of ["whole", "parts"]) await Deno.mkdir(`${root}/${name}`);
    const whole = await finalWeights(`${root}/whole`, []);
    assertEquals(await finalWeights(`${root}/parts`, [3, 6]), whole);
    assert(whole.some((numbers) => numbers.some((value) => value !== 0)));
  }));

Deno.test("stages get rows in proportion to how often they come in batches", () =>
  withFolder(async (root) => {
    const task = await openTextData(config, { root });
    // Nouns alone for half of the run, a third of the other half.
    const expected = { nouns: 25, attributes: 7, scenes: 7 };
    for (const [stage, rows] of Object.entries(expected)) {
      const found: number[] = [];
      for await (const { name } of Deno.readDir(root)) {
        if (!name.startsWith(`pictures-${stage}-`) || name.includes("heldout")) continue;
        found.push((await openShards(`${root}/${name}`)).rows);
      }
      assertEquals(found, [rows], stage);
    }
    await task.dispose();
  }));

Deno.test("a trained model is opened with its encoder and draws a grid of prompts and seeds", () =>
  withFolder(async (root) => {
    const task = await openTask(root), run = await newRun(root, config);
    const result = await train(task, run, cpu);
    const drawn = await task.sample!(result.weights());
    assertEquals([drawn.rows, drawn.columns, drawn.count], [["a dog", "two red apples"], 2, 4]);
    await result.dispose();
    await task.dispose();

    const checkpoint = (await loadNewestCheckpoint(runFile(run, "checkpoints")))!;
    const { model: facts } = checkpoint.info;
    assertEquals(facts.text!.encoder, "bag-of-words");
    const trained = {
      model: modelOf(config, checkpoint),
      config,
      facts,
      weights: weightsOf(checkpoint, "ema"),
    };
    const set = await samplePrompts(cpu, trained, { prompts: ["a dog"], seeds: [0, 1] });
    assertEquals(set.images, drawn.images.slice(0, set.images.length), "same prompt, same noise");
    const negative = await samplePrompts(cpu, trained, {
      prompts: ["a dog"],
      seeds: [0, 1],
      negative: "a dog",
      how: { guidance: 5 },
    });
    const unguided = await samplePrompts(cpu, trained, {
      prompts: ["a dog"],
      seeds: [0, 1],
      how: { guidance: 1 },
    });
    const far = Math.max(
      ...negative.images.map((value, i) => Math.abs(value - unguided.images[i]!)),
    );
    assert(far < 1e-3, "away from the very thing that is asked for, guidance does nothing");

    const other = { ...trained, facts: { ...facts, text: { ...facts.text!, fingerprint: "x" } } };
    await assertRejects(() => openPromptModel(cpu, other), "is another one now");
    const { text: _, ...without } = facts;
    await assertRejects(
      () => openPromptModel(cpu, { ...trained, facts: without }),
      "it was trained without text",
    );
    await assertRejects(
      () => samplePrompts(cpu, trained, { prompts: [], seeds: [0] }),
      "draw nothing",
    );
  }));

Deno.test("a folder of shards keeps its last shard aside", () =>
  withFolder(async (root) => {
    const encoder = await openTextEncoder("bag-of-words");
    const data = { stage: "nouns" as const, size: 40, imageSize: 16 };
    const folder = await prepareCached({
      root,
      dataset: "pictures",
      data,
      encoder,
      targetBytes: 20_000,
      blockRows: 8,
    });
    const { curriculum: _, ...plain } = config;
    const shards: TrainConfig = { ...plain, data: { name: "shards", size: -1, seed: 0, folder } };
    const all = await openShards(folder), opened = await openTextData(shards);
    const last = all.manifest.shards.at(-1)!.rows;
    assert(all.manifest.shards.length > 1);
    const kept = (await all.read(all.rows - last, last)).captions;
    assertEquals(opened.heldout.captions, kept.slice(0, config.heldout.images));
    const stream = opened.stream(40 - last), { ids } = await stream.next();
    const rest = (await all.read(0, all.rows - last)).ids;
    assertEquals([...ids].sort(), [...rest].sort());
    await opened.dispose();
  }));

Deno.test("latents with pooled vectors alone train without anything that encodes or decodes", () =>
  withFolder(async (root) => {
    await prepareSynthetic({
      folder: `${root}/latents`,
      rows: 48,
      latentShape: [4, 4, 8],
      targetBytes: 8000,
      blockRows: 8,
    });
    const { curriculum: _, ...plain } = config;
    const task = await openTask(root, {
      ...plain,
      data: { name: "shards", size: -1, seed: 0, folder: `${root}/latents` },
      model: { kind: "dit", width: 16, depth: 1, heads: 2, patch: 1, crossAttention: false },
      text: { encoder: "clip" },
      steps: 2,
    });
    assertEquals(task.sample, undefined, "nobody can see these latents");
    const result = await train(task, await newRun(root, config), cpu);
    assert(result.finished);
    await result.dispose();
    await task.dispose();
  }));

Deno.test("what a run with text needs is asked for in a sentence", async () => {
  const nowhere: TrainConfig = { ...config, data: { name: "shards", size: -1, seed: 0 } };
  await assertRejects(() => openTextData(nowhere), "--set data.folder=FOLDER");
  const unknown = extendConfig(config, { text: { encoder: "towr" } });
  await assertRejects(() => openTextData(unknown), 'did you mean "tower"?');
});

Deno.test("`encodeAll()` encodes each different prompt once", async () => {
  const bag = await openTextEncoder("bag-of-words"), asked: string[][] = [];
  const counting = {
    ...bag,
    encode: (prompts: readonly string[]) => {
      asked.push([...prompts]);
      return bag.encode(prompts);
    },
  };
  const { pooled } = await encodeAll(counting, ["a dog", "a cat", "a dog"]);
  assertEquals(asked, [["a dog", "a cat"]]);
  assertEquals(pooled.slice(0, 512), pooled.slice(1024));
  assertThrows(() => assertEquals(pooled.slice(0, 512), pooled.slice(512, 1024)));
});
