import { commandOf, loadShipped } from "@course/training/shipped.ts";
import { runShip } from "@course/training/ship_cli.ts";
import { createFlowTask, loadImages } from "@course/training/flow_task.ts";
import { loadCheckpoint } from "@course/training/checkpoint.ts";
import { train } from "@course/training/train.ts";
import { weightsOf } from "@course/training/trained_model.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { assertAllClose, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

const config: TrainConfig = extendConfig(smoke, { steps: 4, every: { checkpoint: 2 } });

async function trained(folder: string, stopAt?: number) {
  const run = await newRun(folder, config);
  const task = await createFlowTask(cpu, config, await loadImages(config));
  const stop = new AbortController();
  const watch = {
    onCheckpoint: ({ step }: { step: number }) => step === stopAt && stop.abort(),
  };
  const result = await train(task, run, cpu, { stop: stop.signal, watch });
  await result.dispose();
  await task.dispose();
  return { path: run.path, checkpoint: await loadCheckpoint(result.checkpoint) };
}

Deno.test("a run becomes a small file with its moving average, and a line in the list", () =>
  withFolder(async (folder) => {
    const { path, checkpoint } = await trained(folder);
    const out = `${folder}/shipped`, printed: string[] = [];
    const args = [path, "--as", "dit-smoke", "--what", "a test", "--samples", "20", "--out", out];
    await runShip([...args, "--guidance", "3"], (line) => printed.push(line));
    const { card, weights, config: kept } = await loadShipped("dit-smoke", out);
    assertEquals([card.what, card.step, card.samples.count], ["a test", 4, 20]);
    assertEquals(kept, extendConfig(config, { sampling: { guidance: 3 } }));
    for (const [name, { data }] of Object.entries(weightsOf(checkpoint, "ema"))) {
      assertAllClose(weights[name]!.data, data, 5e-4, name);
    }
    // The loss of the whole run's end, measured anew.
    assertAllClose([card.heldout_loss.float32], [checkpoint.info.heldoutLoss!], 1e-6);
    assertAllClose([card.heldout_loss.float16], [checkpoint.info.heldoutLoss!], 1e-2);
    assertStringIncludes(await Deno.readTextFile(`${out}/README.md`), "| `dit-smoke` | a test |");
    assertStringIncludes(printed.join("\n"), "dit-smoke.safetensors, 0.1 MB");
  }));

Deno.test("an unfinished run is not shipped", () =>
  withFolder(async (folder) => {
    const { path } = await trained(folder, 2);
    await assertRejects(
      () => runShip([path, "--as", "a", "--out", `${folder}/shipped`]),
      `is at step 2 of 4: finish it first with deno task train --resume ${path}`,
    );
  }));

Deno.test("a run that was ended before its last step is shipped when asked for", () =>
  withFolder(async (folder) => {
    const { path } = await trained(folder, 2);
    const out = `${folder}/shipped`, args = [path, "--as", "a", "--early", "--samples", "20"];
    await runShip([...args, "--out", out], () => {});
    assertEquals((await loadShipped("a", out)).card.step, 2);
  }));

Deno.test("what cannot be shipped is refused in a sentence", () =>
  withFolder(async (folder) => {
    const { path } = await newRun(folder, config);
    await assertRejects(() => runShip([]), "Name the folder of one run");
    await assertRejects(() => runShip([path]), 'Option --as is "": expected a name of small');
    await assertRejects(() => runShip([path, "--as", "../a"]), 'Option --as is "../a"');
    await assertRejects(() => runShip([path, "--as", "a", "--samples", "2"]), "from 20 to");
    await assertRejects(
      () => runShip([path, "--as", "a", "--out", `${folder}/shipped`]),
      "has no checkpoint yet",
    );
    await assertRejects(() => runShip([`${folder}/none`, "--as", "a"]), "There is no run in");
  }));

Deno.test("the command on the card leaves out where files lay", () => {
  const command = "deno task train mnist --set data.folder=/a/b --set optimizer.lr=1 " +
    "--set every.heldout=3 --out runs/m1";
  assertEquals(commandOf(command), "deno task train mnist --set optimizer.lr=1");
  assertEquals(commandOf("deno task train"), "deno task train");
  const diagnose = "deno task diagnose digits --set every.heldout=5";
  assertEquals(commandOf(`${diagnose} --set every.samples=2`), diagnose);
});
