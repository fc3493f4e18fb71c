import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  trainAutoencoderCell,
  trainCell,
  type TrainCellOptions,
} from "@course/course/train_cell.ts";
import type { TrainingView } from "@course/course/training_view.ts";
import { extendConfig } from "@course/training/config.ts";
import { readMetrics } from "@course/training/metrics.ts";
import smoke from "../../configs/smoke.ts";
import { cpu, withFolder } from "../training/fixtures.ts";

const config = extendConfig(smoke, {
  name: "cell",
  steps: 8,
  data: { size: 40 },
  heldout: { images: 8 },
  every: { log: 1, heldout: 8, samples: 8, checkpoint: 2 },
});

/** A view that only remembers, and may ask to stop after a step. */
function watcher(stopAfter?: number) {
  const said: string[] = [], steps: number[] = [], stop = new AbortController();
  const view: TrainingView = {
    begin: (_run, news) => Promise.resolve(void (news && said.push(news))),
    end: (sentence) => Promise.resolve(void said.push(sentence)),
    onStep({ step }) {
      steps.push(step);
      if (step === stopAfter) stop.abort();
    },
  };
  return { said, steps, options: { view, stop: stop.signal, device: cpu } };
}

async function runCell(folder: string, stopAfter?: number, options: TrainCellOptions = {}) {
  const { said, steps, options: watched } = watcher(stopAfter);
  const trained = await trainCell(config, { folder, ...watched, ...options });
  return { trained, said: said.join(" "), steps };
}

Deno.test("a training cell returns a model that is ready to draw", () =>
  withFolder(async (folder) => {
    const { trained, said } = await runCell(folder);
    assertEquals([trained.step, trained.finished], [8, true]);
    assertEquals(Object.keys(trained.weights).sort(), Object.keys(trained.model.params).sort());
    assertEquals(trained.facts.imageShape, [28, 28, 1]);
    assertMatch(said, /^All 8 steps are made, in 0:\d\d\. Saved in /);
  }));

Deno.test("a cell that is stopped returns what it has, and run again ends as if it had never been", () =>
  withFolder(async (folder) => {
    const { trained: whole } = await runCell(`${folder}/whole`);
    const first = await runCell(`${folder}/parts`, 3);
    assertEquals([first.trained.step, first.trained.finished], [3, false]);
    assertStringIncludes(first.said, "Stopped after step 3 of 8");
    assertStringIncludes(first.said, "Run this cell again to go on");
    const second = await runCell(`${folder}/parts`);
    assertStringIncludes(second.said, "Going on after step 3.");
    assertEquals(second.steps, [4, 5, 6, 7, 8]);
    assertEquals(second.trained.weights, whole.weights);
  }));

Deno.test("a cell that is run again while the stopped one still saves waits for it", () =>
  withFolder(async (folder) => {
    const first = runCell(folder, 3);
    const second = await runCell(folder);
    assertStringIncludes(second.said, "Going on after step 3.");
    assertEquals((await first).trained.step, 3);
  }));

Deno.test("a finished cell that is run again only loads", () =>
  withFolder(async (folder) => {
    const { trained: before } = await runCell(folder);
    const { trained, said, steps } = await runCell(folder);
    assertEquals(steps, []);
    assertStringIncludes(said, "All 8 steps were made before");
    assertEquals(trained.weights, before.weights);
    assert(Math.abs(trained.seconds - before.seconds) < 1, "it has taken no more time");
    const again = await runCell(folder, undefined, { anew: true });
    assertEquals(again.steps.length, 8);
  }));

Deno.test("other settings start anew, say which, and keep the run before", () =>
  withFolder(async (folder) => {
    await runCell(folder, 2);
    const { said, steps, options } = watcher();
    const changed = extendConfig(config, { optimizer: { lr: 1e-4 } });
    await trainCell(changed, { folder, ...options });
    assertEquals(steps.length, 8);
    assertMatch(said[0]!, /^Training starts anew, .*cell-before: .*optimizer\.lr 0\.004.*0\.0001/);
    assertEquals((await readMetrics(`${folder}/cell-before/metrics.jsonl`)).at(-1)!.step, 2);
  }));

Deno.test("other data start anew too", () =>
  withFolder(async (folder) => {
    await runCell(folder, 2);
    const { said, options } = watcher(2);
    await trainCell(extendConfig(config, { data: { seed: 7 } }), { folder, ...options });
    assertStringIncludes(said[0]!, "it learned from digits");
  }));

Deno.test("what a kill leaves behind does not stop the cell", () =>
  withFolder(async (folder) => {
    const { trained: whole } = await runCell(`${folder}/whole`);
    const path = `${folder}/killed`;
    await runCell(path, 4);
    // Steps that no checkpoint has seen, a torn line, a checkpoint that was being written.
    await Deno.writeTextFile(
      `${path}/cell/metrics.jsonl`,
      '{"kind":"train","step":5,"loss":1}\n{"kind":"tr',
      { append: true },
    );
    await Deno.mkdir(`${path}/cell/checkpoints/.step-000006.writing`);
    const { trained, said } = await runCell(path);
    assertStringIncludes(said, "Going on after step 4.");
    assertEquals(trained.weights, whole.weights);
  }));

Deno.test("a run without a whole checkpoint starts anew and says why", () =>
  withFolder(async (folder) => {
    await runCell(folder, 2);
    for await (const { name } of Deno.readDir(`${folder}/cell/checkpoints`)) {
      await Deno.truncate(`${folder}/cell/checkpoints/${name}/state.safetensors`, 100);
    }
    const damaged = await runCell(folder, 2);
    assertMatch(damaged.said, /^Training starts anew, .* is damaged/);
    await Deno.remove(`${folder}/cell/checkpoints`, { recursive: true });
    const empty = await runCell(folder, 2);
    assertStringIncludes(empty.said, "it had no checkpoint yet");
    await Deno.writeTextFile(`${folder}/cell/config.json`, "{");
    const unreadable = await runCell(folder, 2);
    assertStringIncludes(unreadable.said, "config.json");
    assert(unreadable.trained.step === 2);
  }));

Deno.test("a config that is wrong is refused before anything is written", () =>
  withFolder(async (folder) => {
    const wrong = { ...config, steps: 0 };
    const message = await trainCell(wrong, { folder }).then(() => "", (error) => error.message);
    assertStringIncludes(message, "Setting steps is 0");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("a cell trains an autoencoder, goes on where it was stopped, and refuses other models", () =>
  withFolder(async (folder) => {
    const pictures = { name: "pictures", size: 8, seed: 0, imageSize: 16 };
    const autoencoder = extendConfig(config, {
      name: "autoencoder",
      data: pictures,
      model: { kind: "vae", width: 8, encoderBlocks: 1, decoderBlocks: 1, klWeight: 0.01 },
      batchSize: 4,
      heldout: { images: 4 },
    });
    const first = watcher(3);
    const part = await trainAutoencoderCell(autoencoder, { folder, ...first.options });
    assertEquals([part.step, part.finished], [3, false]);
    const second = watcher();
    const whole = await trainAutoencoderCell(autoencoder, { folder, ...second.options });
    assertEquals(second.steps, [4, 5, 6, 7, 8]);
    assertEquals(Object.keys(whole.weights).sort(), Object.keys(whole.model.params).sort());
    assertEquals(whole.model.options.latentChannels, 4);
    const message = await trainAutoencoderCell(config, { folder }).then(
      () => "",
      (error) => error.message,
    );
    assertStringIncludes(message, "the model of cell is a dit: use trainCell");
  }));
