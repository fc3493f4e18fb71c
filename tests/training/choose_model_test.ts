import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { chooseModel } from "@course/training/choose_model.ts";
import { extendConfig, type TrainConfig } from "@course/training/config.ts";
import { createTask } from "@course/training/create_task.ts";
import { runSample } from "@course/training/sample_cli.ts";
import { train } from "@course/training/train.ts";
import smoke from "../../configs/smoke.ts";
import { cpu, newRun, withFolder } from "./fixtures.ts";

const words: TrainConfig = extendConfig(smoke, {
  name: "words",
  data: { name: "pictures", size: 12, imageSize: 16, stage: "nouns" },
  model: { kind: "dit", width: 16, depth: 1, heads: 2, patch: 8 },
  text: { encoder: "bag-of-words" },
  steps: 2,
  batchSize: 2,
  heldout: { images: 4, bins: 2 },
  sampling: { steps: 2, perClass: 2, prompts: ["a dog", "a cat"] },
});

/** Trains a very small model and gives its run's path to the test. */
const withRun = (config: TrainConfig, test: (path: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const { task } = await createTask(cpu, config, { root: `${folder}/shards` });
    const result = await train(task, await newRun(folder, config), cpu);
    await result.dispose();
    await task.dispose();
    await test(`${folder}/run`);
  });

Deno.test("prompts are drawn one a row, from the command line and from a file", () =>
  withRun(words, async (path) => {
    const lines: string[] = [], print = (line: string) => void lines.push(line);
    await Deno.writeTextFile(`${path}/prompts.txt`, "two dogs\n\n  a crown \n");
    await runSample([
      path,
      "--prompt",
      "a unicorn 🦄",
      "--prompts",
      `${path}/prompts.txt`,
      "--negative",
      "a cat",
      "--seeds",
      "3,4",
    ], print);
    assertMatch(lines.at(-1)!, /^6 images of .+, step 2, drawn in .+samples-3\.png$/);
    assert((await Deno.stat(`${path}/samples-3.png`)).size > 1000);
  }));

Deno.test("without prompts a run draws what it drew in training", () =>
  withRun(words, async (path) => {
    const chosen = await chooseModel([path], { print: () => {} });
    assertEquals(await chosen.prompts(), ["a dog", "a cat"]);
    assertEquals(chosen.step, 2);
    assertEquals(chosen.facts.text!.encoder, "bag-of-words");
  }));

Deno.test("options that a model has no use for are refused in a sentence", async () => {
  await withRun(words, async (path) => {
    const refused = async (...args: string[]) =>
      (await assertRejects(() => runSample([path, ...args]))).message;
    assertMatch(await refused("--classes", "1"), /is asked in words, with --prompt$/);
    assertMatch(await refused("--prompts", `${path}/none.txt`), /^Cannot read the prompts in/);
    assertMatch(await refused("--out", "picture.jpg"), /expected a \.png file$/);
    assertMatch(await refused("--checkpoint", "7"), /one of the steps .*2/);
    await Deno.writeTextFile(`${path}/empty.txt`, "\n\n");
    assertMatch(await refused("--prompts", `${path}/empty.txt`), /^There are no prompts in/);
  });
  await withRun(extendConfig(smoke, { steps: 1 }), async (path) => {
    const error = await assertRejects(() => runSample([path, "--prompt", "a dog"]));
    assertMatch(error.message, /takes no text; ask it for --classes$/);
  });
});

Deno.test("a model that comes with the course is chosen by its name", async () => {
  const chosen = await chooseModel(["dit-digits"], { print: () => {} });
  assertEquals([chosen.name, chosen.folder], ["dit-digits", "runs/dit-digits"]);
  assertEquals(chosen.facts.classes.length, 10);
  await assertRejects(() => chooseModel(["one", "two"], { print: () => {} }), "name one run");
});
