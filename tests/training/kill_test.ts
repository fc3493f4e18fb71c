import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readMetrics } from "@course/training/metrics.ts";
import { createRandom } from "@course/random.ts";
import { ended, run, start, untilLines } from "./command.ts";
import { withFolder } from "./fixtures.ts";

const STEPS = 60;
const SETTINGS = [`steps=${STEPS}`, "every.checkpoint=5", "every.samples=20", "every.heldout=15"]
  .flatMap((setting) => ["--set", setting]);

Deno.test("a run killed again and again ends with exactly the weights of one never killed", () =>
  withFolder(async (folder) => {
    const whole = `${folder}/whole`, killed = `${folder}/killed`;
    const reference = await run("train", folder, ["smoke", "--out", whole, ...SETTINGS]);
    assertEquals(reference.code, 0, reference.text);

    const random = createRandom(5);
    let kills = 0, lines = 0;
    while (kills < 5) {
      const child = start("train", folder, await trainArguments());
      // Every other time while starting up, else somewhere after a few more steps.
      const going = kills % 2 === 1 ||
        await untilLines(`${killed}/metrics.jsonl`, lines + 6, child);
      await new Promise((resolve) =>
        setTimeout(resolve, random.integer(kills % 2 === 1 ? 900 : 40))
      );
      try {
        child.kill("SIGKILL");
      } catch {
        // It had ended already.
      }
      await ended(child);
      kills++;
      lines = (await readMetrics(`${killed}/metrics.jsonl`)).length;
      if (!going) break;
    }
    const last = await run("train", folder, await trainArguments());
    assertEquals(last.code, 0, last.text);

    const state = (path: string) =>
      Deno.readFile(`${path}/checkpoints/step-${String(STEPS).padStart(6, "0")}/state.safetensors`);
    assertEquals(await state(killed), await state(whole));
    assertEquals(await timeless(killed), await timeless(whole));
    assertEquals(await readNames(`${killed}/samples`), await readNames(`${whole}/samples`));
    assertEquals(await readNames(`${killed}/checkpoints`), await readNames(`${whole}/checkpoints`));
    for (const picture of ["samples.png", "progress.png"]) {
      const [ours, theirs] = await Promise.all(
        [killed, whole].map((path) => Deno.readFile(`${path}/${picture}`)),
      );
      assertEquals(ours, theirs);
    }

    async function trainArguments(): Promise<string[]> {
      const exists = await Deno.stat(killed).then(() => true, () => false);
      return exists ? ["--resume", killed] : ["smoke", "--out", killed, ...SETTINGS];
    }
  }));

Deno.test("Ctrl-C saves and says how to go on, and the run goes on from there", () =>
  withFolder(async (folder) => {
    const path = `${folder}/run`;
    const settings = [
      "--set",
      "steps=4000",
      "--set",
      "every.checkpoint=-1",
      "--set",
      "every.samples=-1",
    ];
    const child = start("train", folder, ["smoke", "--out", path, ...settings]);
    assert(await untilLines(`${path}/metrics.jsonl`, 30, child), "the run is on its way");
    child.kill("SIGINT");
    const { code, text } = await ended(child);
    assertEquals(code, 130, text);
    assertStringIncludes(text, "Saving after this step");
    assertStringIncludes(text, `deno task train --resume ${path}`);

    const step = Number(/Stopped after step (\d+)/.exec(text)![1]);
    const resumed = start("train", folder, ["--resume", path]);
    assert(await untilLines(`${path}/metrics.jsonl`, step + 20, resumed), "the run goes on");
    resumed.kill("SIGINT");
    const again = await ended(resumed);
    assertStringIncludes(again.text, `Going on after step ${step}`);
    assertEquals(again.code, 130);
  }));

Deno.test("a second Ctrl-C quits at once", () =>
  withFolder(async (folder) => {
    const path = `${folder}/run`;
    // Steps that take long, so that the first Ctrl-C is still waiting for the end of one.
    const settings = ["steps=10", "batchSize=1000", "model.width=64"]
      .flatMap((setting) => ["--set", setting]);
    const child = start("train", folder, ["smoke", "--out", path, ...settings]);
    assert(await untilLines(`${path}/metrics.jsonl`, 2, child), "the run is on its way");
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 60));
    child.kill("SIGINT");
    const { code, text } = await ended(child);
    assertEquals(code, 130, text);
    assertStringIncludes(text, `Go on with: deno task train --resume ${path}`);
  }));

async function timeless(path: string) {
  const lines = await readMetrics(`${path}/metrics.jsonl`);
  return lines.map((line) => ({ ...line, seconds: 0, imagesPerSecond: 0 }));
}

async function readNames(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}
