import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { SelfFlowOptions } from "@course/flow/mod.ts";
import { toHost } from "@course/engine/mod.ts";
import { loadNewestCheckpoint } from "@course/training/checkpoint.ts";
import { type ConfigChanges, extendConfig, type TrainConfig } from "@course/training/config.ts";
import { createTask } from "@course/training/create_task.ts";
import { runFile } from "@course/training/run_folder.ts";
import { applySettings } from "@course/training/settings.ts";
import type { TrainTask } from "@course/training/task.ts";
import { train } from "@course/training/train.ts";
import { modelOf, weightsOf } from "@course/training/trained_model.ts";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

const classes: TrainConfig = extendConfig(smoke, {
  name: "tokens",
  data: { size: 40 },
  model: { kind: "dit", width: 16, depth: 2, heads: 2, patch: 7 },
  steps: 6,
  batchSize: 4,
  every: { log: 1, heldout: 6, samples: 6, checkpoint: 2 },
  heldout: { images: 8, bins: 2 },
});
const words: TrainConfig = extendConfig(classes, {
  data: { name: "pictures", size: 36, imageSize: 16 },
  model: { kind: "dit", width: 16, depth: 2, heads: 2, patch: 8 },
  text: { encoder: "bag-of-words" },
  sampling: { steps: 2, perClass: 1, prompts: ["a dog"] },
  heldout: { images: 12 },
} as ConfigChanges);

const KINDS: Record<string, SelfFlowOptions> = {
  "Self-Flow-lite": { kind: "lite" },
  "Self-Flow-lite with a palette": { kind: "lite", levels: 3, reconstruct: "masked" },
  "Self-Flow": { kind: "full" },
};

const withSelfFlow = (config: TrainConfig, selfFlow: SelfFlowOptions): TrainConfig => ({
  ...config,
  objective: { ...config.objective, selfFlow },
});

async function openTask(folder: string, config: TrainConfig): Promise<TrainTask> {
  return (await createTask(cpu, config, { root: `${folder}/../shards` })).task;
}

/** Trains to the end with stops in between; the finished weights. */
async function trainTo(folder: string, config: TrainConfig, stops: number[]) {
  await Deno.mkdir(folder);
  const run = await newRun(folder, config);
  for (const last of [...stops, config.steps]) {
    const task = await openTask(folder, config), stop = new AbortController();
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    const result = await train(task, run, cpu, {
      resume,
      stop: stop.signal,
      watch: { onStep: ({ step }) => step >= last && stop.abort() },
    });
    const weights: Record<string, number[]> = {};
    for (const [name, value] of Object.entries(result.weights())) {
      weights[name] = [...(await toHost(value)).data];
    }
    await result.dispose();
    await task.dispose();
    if (last === config.steps) return { run, weights };
  }
  throw new Error("unreachable");
}

for (const [name, selfFlow] of Object.entries(KINDS)) {
  Deno.test(`a run with ${name} that is stopped and resumed ends with the same weights`, () =>
    withFolder(async (root) => {
      const config = withSelfFlow(classes, selfFlow);
      const whole = await trainTo(`${root}/whole`, config, []);
      const parts = await trainTo(`${root}/parts`, config, [3]);
      assertEquals(parts.weights, whole.weights);
    }));
}

Deno.test("Self-Flow learns with prompts too, with several batches to an update", () =>
  withFolder(async (root) => {
    for (const selfFlow of [{ kind: "lite", levels: 2 }, { kind: "full" }] as const) {
      const config = { ...withSelfFlow(words, selfFlow), accumulate: 2, steps: 2 };
      const { weights } = await trainTo(`${root}/${selfFlow.kind}`, config, []);
      assert(Object.values(weights).flat().every(Number.isFinite));
    }
  }));

Deno.test("the finished model of a run with Self-Flow is the model without its head", () =>
  withFolder(async (root) => {
    const { run, weights } = await trainTo(
      `${root}/run`,
      withSelfFlow(classes, { kind: "full" }),
      [],
    );
    const checkpoint = (await loadNewestCheckpoint(runFile(run, "checkpoints")))!;
    assert("auxiliary.head.0.weight" in checkpoint.info.shapes, "a checkpoint keeps the head");
    const model = modelOf(run.config, checkpoint);
    assertEquals(Object.keys(weightsOf(checkpoint, "ema")), Object.keys(model.params));
    assertEquals(Object.keys(weights), Object.keys(model.params));
  }));

Deno.test("runs that differ by Self-Flow alone start alike and see the same images, noise and labels", () =>
  withFolder(async (root) => {
    await Deno.mkdir(`${root}/run`);
    const tasks = await Promise.all(
      [classes, ...Object.values(KINDS).map((kind) => withSelfFlow(classes, kind))]
        .map((config) => openTask(`${root}/run`, config)),
    );
    const [plain, ...others] = tasks, first = (await plain!.feed.next()).tensors;
    const again = (await plain!.feed.next()).tensors;
    for (const other of others) {
      for (const [name, value] of Object.entries(plain!.params)) {
        assertEquals(other.params[name], value);
      }
      const { tensors } = await other.feed.next(), second = (await other.feed.next()).tensors;
      for (const name of ["x0", "x1", "label"]) {
        assertEquals(tensors[name], first[name]);
        assertEquals(second[name], again[name]);
      }
      if (tensors.levels) {
        const size = tensors.levels.shape[1]!;
        assertEquals([...tensors.levels.data].filter((_, i) => i % size === 0), [...first.t!.data]);
      }
    }
    const heldout = await Promise.all(tasks.map((task) => task.heldout!(plain!.params)));
    for (const measured of heldout) assertEquals(measured, heldout[0]);
    for (const task of tasks) await task.dispose();
  }));

Deno.test("Self-Flow is refused without a moving average and for a model without tokens", () =>
  withFolder(async (root) => {
    await Deno.mkdir(`${root}/run`);
    const full = withSelfFlow(classes, { kind: "full" });
    await assertRejects(
      () => openTask(`${root}/run`, { ...full, ema: { decay: 0 } }),
      "set ema.decay above 0",
    );
    await assertRejects(
      () => openTask(`${root}/run`, { ...full, model: { kind: "unet", width: 8 } }),
      "need a model of tokens",
    );
  }));

Deno.test("Self-Flow is set by name, and what it does not know is refused", () => {
  const set = (...settings: string[]) => applySettings(classes, settings).objective.selfFlow;
  const lite = ["objective.selfFlow.kind=lite"];
  assertEquals(set(...lite), { kind: "lite" });
  assertEquals(set("objective.selfFlow.weight=0.2", ...lite), { kind: "lite", weight: 0.2 });
  const four = withSelfFlow(classes, { kind: "lite", levels: 4 });
  const changed = applySettings(four, ["objective.selfFlow.kind=full"]);
  assertEquals(changed.objective.selfFlow, { kind: "full" });
  assertThrows(() => set("objective.selfFlow.kind=half"), "expected one of lite, full");
  assertThrows(
    () => set(...lite, "objective.selfFlow.levels=0"),
    "Setting objective.selfFlow.levels is 0: expected a whole number from 1, or -1",
  );
  assertThrows(() => set(...lite, "objective.selfFlow.teacherLayer=2"), "Unknown setting");
});
