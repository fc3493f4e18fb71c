import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Device } from "@course/engine/mod.ts";
import { extendConfig } from "@course/training/config.ts";
import { diverged } from "@course/training/divergence.ts";
import {
  type Checkpoint,
  listCheckpoints,
  loadCheckpoint,
  loadNewestCheckpoint,
} from "@course/training/checkpoint.ts";
import { readMetrics } from "@course/training/metrics.ts";
import { runFile, type RunFolder } from "@course/training/run_folder.ts";
import { isDue, train, type TrainOptions } from "@course/training/train.ts";
import { cpu, lineTask, newRun, tenSteps, withFolder } from "./fixtures.ts";

Deno.test("`train()` learns, and leaves metrics and checkpoints", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder, extendConfig(tenSteps, { steps: 200, ema: { decay: 0 } }));
    const result = await train(lineTask(), run, cpu);
    assertEquals([result.step, result.finished], [200, true]);
    const { state } = await loadCheckpoint(result.checkpoint);
    assert(Math.abs(state.tensors["params/weight"]!.data[0]! - 2) < 0.05, "slope of the line");
    assert(Math.abs(state.tensors["params/bias"]!.data[0]! - 1) < 0.05, "height of the line");
    await result.dispose();

    const lines = await readMetrics(runFile(run, "metrics"));
    const steps = (kind: string) => lines.filter((line) => line.kind === kind).map((l) => l.step);
    assertEquals(steps("train").slice(0, 3), [3, 6, 9]);
    assertEquals(steps("train").at(-1), 200);
    assertEquals(steps("heldout").slice(0, 3), [0, 4, 8]);
  }));

Deno.test("a run that is stopped anywhere and resumed ends with exactly the same state", () =>
  withFolder(async (folder) => {
    const whole = await newRun(folder + "/whole");
    const expected = await lastState(whole, {});
    for (const stopAt of [1, 5, 9]) {
      const run = await newRun(`${folder}/${stopAt}`);
      const stop = new AbortController();
      const first = await train(lineTask(), run, cpu, {
        stop: stop.signal,
        watch: { onStep: ({ step }) => step === stopAt && stop.abort() },
      });
      assertEquals([first.step, first.finished], [stopAt, false]);
      await first.dispose();
      const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
      assertEquals(resume!.info.step, stopAt);
      assertEquals(await lastState(run, { resume }), expected);
      assertEquals(await deterministicMetrics(run), await deterministicMetrics(whole));
    }
  }));

Deno.test("gradients of several batches are accumulated, also over a resume", () =>
  withFolder(async (folder) => {
    const config = extendConfig(tenSteps, { accumulate: 3 });
    const whole = await lastState(await newRun(folder + "/whole", config), {});
    const run = await newRun(folder + "/resumed", config);
    const stop = new AbortController();
    const first = await train(lineTask(), run, cpu, {
      stop: stop.signal,
      watch: { onStep: ({ step }) => step === 4 && stop.abort() },
    });
    await first.dispose();
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    // Three batches per step were consumed, and the one prepared ahead was not.
    assertEquals(resume!.info.position.data, 12);
    assertEquals(await lastState(run, { resume }), whole);
  }));

Deno.test("the newest checkpoints and the best are kept", () =>
  withFolder(async (folder) => {
    const config = extendConfig(tenSteps, { keep: { last: 2, best: 1 } });
    const run = await newRun(folder, config);
    const losses = [9, 1, 5, 4];
    const task = {
      ...lineTask(),
      heldout: () => Promise.resolve({ loss: losses.shift()!, bins: [] }),
    };
    const result = await train(task, run, cpu);
    await result.dispose();
    const entries = await listCheckpoints(runFile(run, "checkpoints"));
    assertEquals(entries.map(({ info }) => [info.step, info.heldoutLoss]), [[4, 1], [8, 5], [
      10,
      4,
    ]]);
  }));

Deno.test("a loss that is NaN stops the run with the step, the last checkpoint and a hint", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    const task = lineTask({ spoil: (x, batch) => batch === 6 ? x.fill(NaN) : x });
    const { message } = await assertRejects(() => train(task, run, cpu), "diverged at step 7");
    assertStringIncludes(message, "the loss is NaN");
    assertStringIncludes(message, ": deno task train --set optimizer.lr=0.05. ");
    assertStringIncludes(message, `${run.path}/checkpoints/step-000006; `);
    assertStringIncludes(message, `deno task sample ${run.path} --checkpoint 6`);
    await loadCheckpoint(`${runFile(run, "checkpoints")}/step-000006`);
  }));

Deno.test("a loss that explodes stops the run, and clipping is named if it is off", () =>
  withFolder(async (folder) => {
    const config = extendConfig(tenSteps, {
      steps: 100,
      optimizer: { lr: 1e4, clipNorm: -1 },
      schedule: { kind: "constant", warmup: 0 },
    });
    const run = await newRun(folder, config);
    const { message } = await assertRejects(() => train(lineTask(), run, cpu), "the loss exploded");
    assertStringIncludes(message, "--set optimizer.lr=5000 --set optimizer.clipNorm=1.");
  }));

Deno.test("a full disk stops the run with a sentence, and the checkpoint before is whole", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    let left = 9000;
    const write: TrainOptions["write"] = (file, bytes) => {
      left -= bytes.length;
      if (left < 0) {
        const full = Object.assign(new Error("No space left on device (os error 28)"), {
          code: "ENOSPC",
        });
        return Promise.reject(full);
      }
      return file.write(bytes);
    };
    const { message } = await assertRejects(() => train(lineTask(), run, cpu, { write }));
    assertStringIncludes(message, "the disk is full; free some space");
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    assert(resume && resume.info.step >= 2, "a checkpoint is left");
    assertStringIncludes(message, resume.path);
    const names = (await Array.fromAsync(Deno.readDir(runFile(run, "checkpoints"))))
      .map(({ name }) => name);
    assert(names.every((name) => /^step-\d{6}$/.test(name)), `nothing half written: ${names}`);

    const expected = await lastState(await newRun(folder + "/whole"), {});
    assertEquals(await lastState(run, { resume }), expected);
  }));

Deno.test("the command for a run that diverged keeps its settings, but not its folder", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    const command = "deno task train smoke --out runs/a --set steps=10";
    const { message } = diverged("the loss is NaN", 1, {
      ...run,
      provenance: { ...run.provenance, command },
    }, undefined);
    assertStringIncludes(
      message,
      ": deno task train smoke --set steps=10 --set optimizer.lr=0.05. There is no checkpoint yet",
    );
  }));

Deno.test("what was compiled is given back if a run cannot start", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    await Deno.mkdir(runFile(run, "metrics"));
    let inUse = 0;
    const device: Device = {
      ...cpu,
      async prepare(...args) {
        const executable = await cpu.prepare(...args);
        inUse++;
        const dispose = () => {
          inUse--;
          return executable.dispose();
        };
        return { ...executable, dispose };
      },
    };
    await assertRejects(() => train(lineTask(), run, device));
    assertEquals(inUse, 0);
  }));

Deno.test("a resumed run that is finished does nothing", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder);
    const expected = await lastState(run, {});
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    assertEquals(await lastState(run, { resume }), expected);
  }));

Deno.test("`isDue()` holds every N steps and after the last, and never for −1", () => {
  const steps = (every: number) =>
    Array.from({ length: 8 }, (_, i) => i).filter((i) => isDue(every, i, 7));
  assertEquals(steps(3), [0, 3, 6, 7]);
  assertEquals(steps(-1), []);
});

async function lastState(
  run: RunFolder,
  options: { resume?: Checkpoint | undefined },
): Promise<Record<string, number[]>> {
  const result = await train(lineTask(), run, cpu, options);
  assertEquals(result.finished, true);
  const { state } = await loadCheckpoint(result.checkpoint);
  await result.dispose();
  return Object.fromEntries(
    Object.entries(state.tensors).map(([name, { data }]) => [name, [...data]]),
  );
}

/** Without what depends on the clock. */
async function deterministicMetrics(run: RunFolder) {
  const lines = await readMetrics(runFile(run, "metrics"));
  return lines.map((line) => ({ ...line, seconds: 0, imagesPerSecond: 0 }));
}
