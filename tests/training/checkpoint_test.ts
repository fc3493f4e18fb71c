import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type CheckpointInfo,
  listCheckpoints,
  loadCheckpoint,
  loadNewestCheckpoint,
  pruneCheckpoints,
  saveCheckpoint,
} from "@course/training/checkpoint.ts";
import { extendConfig } from "@course/training/config.ts";
import { checkResumable, checkSpace } from "@course/training/resume.ts";
import { modelOf, weightsOf } from "@course/training/trained_model.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, type HostRecord } from "@course/tensors.ts";
import { lineTask, tenSteps, withFolder } from "./fixtures.ts";

function info(step: number, heldoutLoss: number | null = null): CheckpointInfo {
  return {
    step,
    model: { name: "line", imageShape: [1, 1, 1], classes: [] },
    shapes: { weight: [1, 1], bias: [1] },
    config: tenSteps,
    fingerprint: "line",
    position: { data: step, generators: { random: { words: [1, -2, 3, 4], spare: 0.1 + 0.2 } } },
    guard: { first: 1, recent: [1] },
    window: { sum: 0.1, count: 1 },
    seconds: 1.5,
    heldoutLoss,
    lowestHeldout: heldoutLoss,
  };
}

function tensors(seed = 1): HostRecord {
  const random = createRandom(seed);
  return {
    "params/weight": float32([1, 1], normals(random, 1)),
    "params/bias": float32([1], normals(random, 1)),
    // More than is written at once.
    "m/weight": float32([300, 1000], normals(random, 300_000)),
  };
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("`loadCheckpoint()` gives back every number that was saved", () =>
  withFolder(async (folder) => {
    const path = await saveCheckpoint(folder, info(100, 0.5), tensors());
    assertEquals(await names(folder), ["step-000100"]);
    const loaded = await loadCheckpoint(path);
    assertEquals(loaded.info, info(100, 0.5));
    assertEquals(loaded.state, { step: 100, tensors: tensors() });
  }));

Deno.test("a truncated checkpoint is refused, and the one before it is found", () =>
  withFolder(async (folder) => {
    const before = await saveCheckpoint(folder, info(1), tensors(1));
    const path = await saveCheckpoint(folder, info(2), tensors(2));
    await Deno.truncate(`${path}/state.safetensors`, 1000);
    await assertRejects(() => loadCheckpoint(path), "state.safetensors has 1000 of 1200");
    const reasons: string[] = [];
    const found = await loadNewestCheckpoint(folder, (reason) => reasons.push(reason));
    assertEquals(found!.path, before);
    assertEquals(reasons.length, 1);

    await Deno.truncate(`${before}/checkpoint.json`, 10);
    reasons.length = 0;
    const error = await assertRejects(() => loadNewestCheckpoint(folder, (it) => reasons.push(it)));
    assertStringIncludes(error.message, ", and so are the 1 before it: put back a copy, or start");
    assertEquals(reasons, [], "nothing is announced that does not happen");
  }));

Deno.test("a tampered checkpoint is refused, wherever it was changed", () =>
  withFolder(async (folder) => {
    const path = await saveCheckpoint(folder, info(1), tensors());
    const bytes = await Deno.readFile(`${path}/state.safetensors`);
    bytes[500_000]! ^= 1;
    await Deno.writeFile(`${path}/state.safetensors`, bytes);
    await assertRejects(() => loadCheckpoint(path), "was changed after it was written");
    await assertRejects(() => loadNewestCheckpoint(folder), "is damaged");

    const other = await saveCheckpoint(folder, info(2), tensors());
    const json = await Deno.readTextFile(`${other}/checkpoint.json`);
    await Deno.writeTextFile(`${other}/checkpoint.json`, json.replace('"step":2', '"step":3'));
    await assertRejects(() => loadCheckpoint(other), "checkpoint.json is cut short or was changed");
    await Deno.writeTextFile(`${other}/checkpoint.json`, json.slice(0, 100));
    await assertRejects(() => loadCheckpoint(other), "checkpoint.json is cut short or was changed");
    await Deno.remove(`${other}/checkpoint.json`);
    await assertRejects(() => loadCheckpoint(other), "checkpoint.json cannot be read");
    await Deno.writeTextFile(`${other}/checkpoint.json`, json);
    await Deno.remove(`${other}/state.safetensors`);
    await assertRejects(() => loadCheckpoint(other), "state.safetensors cannot be read");
  }));

Deno.test("a failed write leaves what was there, and nothing half written", () =>
  withFolder(async (folder) => {
    const path = await saveCheckpoint(folder, info(1), tensors(1));
    let calls = 0;
    const write = (file: Deno.FsFile, bytes: Uint8Array) =>
      ++calls > 3
        ? Promise.reject(Object.assign(new Error(), { code: "ENOSPC" }))
        : file.write(bytes);
    for (const step of [1, 2]) {
      calls = 0;
      await assertRejects(
        () => saveCheckpoint(folder, info(step), tensors(2), { write }),
        "the disk is full",
      );
    }
    assertEquals(await names(folder), ["step-000001"]);
    assertEquals((await loadCheckpoint(path)).state.tensors, tensors(1));
  }));

Deno.test("a writer that takes few bytes at a time writes the same file", () =>
  withFolder(async (folder) => {
    const write = (file: Deno.FsFile, bytes: Uint8Array) => file.write(bytes.subarray(0, 70_000));
    const path = await saveCheckpoint(folder, info(1), tensors(), { write });
    assertEquals((await loadCheckpoint(path)).state.tensors, tensors());
  }));

Deno.test("a state with a number that is not finite is not saved", () =>
  withFolder(async (folder) => {
    const bad = { ...tensors(), "params/bias": float32([1], [NaN]) };
    await assertRejects(() => saveCheckpoint(folder, info(1), bad), "params/bias holds NaN");
    assertEquals(await names(folder), []);
  }));

Deno.test("`pruneCheckpoints()` keeps the newest and the best, and clears what a kill left", () =>
  withFolder(async (folder) => {
    const losses = [5, 1, 3, null, 4, 9];
    for (const [i, loss] of losses.entries()) {
      await saveCheckpoint(folder, info(i + 1, loss), { a: float32([1]) });
    }
    await Deno.mkdir(`${folder}/.step-000007.writing`);
    await Deno.mkdir(`${folder}/.step-000001.removing`);
    await pruneCheckpoints(folder, { last: 2, best: 2 });
    const left = (await listCheckpoints(folder)).map((entry) => entry.info.step);
    assertEquals(left, [2, 3, 5, 6]);
    assertEquals((await names(folder)).length, 4);
  }));

Deno.test("an empty or missing folder has no checkpoint", () =>
  withFolder(async (folder) => {
    assertEquals(await loadNewestCheckpoint(folder), undefined);
    assertEquals(await loadNewestCheckpoint(`${folder}/none`), undefined);
  }));

Deno.test("a checkpoint of another config, dataset or model is refused in a sentence", () => {
  const at = { path: "runs/a/checkpoints/step-000002", info: info(2) };
  const task = lineTask();
  checkResumable(at, task, tenSteps);
  checkResumable(at, task, { ...tenSteps, device: "webgpu" });
  const refused = (change: Partial<typeof task>, config = tenSteps) =>
    assertThrows(() => checkResumable(at, { ...task, ...change }, config)).message;
  assertEquals(
    refused({}, extendConfig(tenSteps, { optimizer: { lr: 0.5 } })),
    "Cannot go on from runs/a/checkpoints/step-000002: it was made with optimizer.lr 0.1, but the " +
      "run's config says 0.5; put that back, or start a new run",
  );
  assertEquals(
    refused({ fingerprint: "circle" }),
    "Cannot go on from runs/a/checkpoints/step-000002: it learned from line, but the data is now circle",
  );
  assertEquals(
    refused({ params: { weight: float32([2, 1]), bias: float32([1]) } }),
    "Cannot go on from runs/a/checkpoints/step-000002: it is of another model (line; its weight is " +
      "[1, 1] instead of [2, 1]), not of line",
  );
  assert(refused({ params: { weight: float32([1, 1]) } }).includes("it has bias too"));
  assert(refused({ params: { height: float32([1]) } }).includes("it has no height"));
});

Deno.test("`modelOf()` refuses weights of another model, and `weightsOf()` an average that is not there", () => {
  const at = { path: "step-000002", info: info(2), state: { step: 2, tensors: tensors() } };
  assertThrows(
    () =>
      modelOf(tenSteps, {
        ...at,
        info: { ...info(2), model: { ...info(2).model, imageShape: [28, 28, 1] } },
      }),
    "Cannot use step-000002: it is of another model",
  );
  assertEquals(Object.keys(weightsOf(at, "params")), ["weight", "bias"]);
  assertThrows(() => weightsOf(at, "ema"), "holds no moving average");
});

Deno.test("checkpoints that will not fit on the disk are refused before training", async () => {
  const params = { weight: float32([1000, 1000]) };
  const free = (bytes: number) => () => Promise.resolve(bytes);
  await checkSpace("runs", params, tenSteps, free(64e6));
  await assertRejects(
    () => checkSpace("runs", params, tenSteps, free(63e6)),
    "The checkpoints of this run take 64 MB, but runs has 63 MB left",
  );
});
