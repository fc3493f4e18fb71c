import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { extendConfig } from "@course/training/config.ts";
import { createFlowTask, loadImages } from "@course/training/flow_task.ts";
import { createRun } from "@course/training/run_folder.ts";
import { train } from "@course/training/train.ts";
import { openDevice } from "@course/engine/mod.ts";
import { runClassifier } from "@course/evaluation/classifier_cli.ts";
import { runEvaluate } from "@course/evaluation/cli.ts";
import smoke from "../../configs/smoke.ts";

const PROVENANCE = {
  started: "2025-01-31T17:45:00Z",
  command: "test",
  versions: { deno: "", typescript: "", tfjs: "", engine: "" },
  commit: null,
  code: "",
  data: "",
  machine: "",
};

/** A run of two steps in a new folder. */
async function shortRun(): Promise<string> {
  const config = extendConfig(smoke, { steps: 2 });
  const device = await openDevice("cpu");
  const path = `${await Deno.makeTempDir()}/run`;
  const run = await createRun(path, config, PROVENANCE);
  const task = await createFlowTask(device, config, await loadImages(config));
  const result = await train(task, run, device);
  await result.dispose();
  await task.dispose();
  return path;
}

Deno.test("`deno task evaluate` judges the newest checkpoint of a run", async () => {
  const path = await shortRun(), file = `${path}/evaluation.json`, lines: string[] = [];
  await runEvaluate(
    [path, "--count", "40", "--steps", "1", "--guidance=1", "--copies", "--json", file],
    (line) => lines.push(line),
  );
  const text = lines.join("\n");
  assertStringIncludes(text, "step 2: euler, 1 steps, guidance 1");
  assertStringIncludes(text, "class accuracy");
  assertStringIncludes(text, "nearest training image");

  const { evaluation, memorisation, step } = JSON.parse(await Deno.readTextFile(file));
  assertEquals([step, evaluation.count], [2, 40]);
  // After two steps it draws noise.
  const { class_accuracy, frechet } = evaluation;
  assert(class_accuracy.ceiling > 0.9 && class_accuracy.value < 0.5, JSON.stringify(evaluation));
  assert(frechet.value > 5 * frechet.ceiling, JSON.stringify(frechet));
  assertEquals(memorisation.copies, 0);

  const refused = (args: string[], sentence: string) =>
    assertRejects(() => runEvaluate([path, ...args], () => {}), sentence);
  await refused(["--prompts", "4"], "takes no text");
  await refused(["--guidance", "1,2"], "several are for models with text");
  await Deno.remove(`${path}/..`, { recursive: true });
});

Deno.test("`deno task evaluate` refuses what it does not know in one sentence", async () => {
  const refused = (args: string[], sentence: string) =>
    assertRejects(() => runEvaluate(args, () => {}), sentence);
  await refused(["nowhere"], "no run in nowhere");
  await refused(["a", "b"], 'Cannot read "b"');
  await refused(["--count", "many"], 'Option --count is "many"');
  await refused(["--guidance", "-1"], 'Option --guidance is "-1"');
  await refused(["--sampler", "hein"], "did you mean heun?");
  await refused(["--guidence", "2"], "did you mean --guidance?");
});

Deno.test("`deno task classifier` trains, keeps and measures a classifier", async () => {
  const folder = await Deno.makeTempDir(), lines: string[] = [];
  const run = (...args: string[]) => runClassifier(args, (line) => lines.push(line));
  await run("digits", "--steps", "2", "--seed", "3", "--out", folder);
  assertStringIncludes(lines.join("\n"), "held-out accuracy");
  lines.length = 0;
  await run("digits", "--check", "--out", folder);
  assertStringIncludes(lines.join("\n"), "seed 3; 2 steps of 64 images");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("`deno task classifier` says which datasets there are and where MNIST is looked for", async () => {
  await assertRejects(() => runClassifier(["letters"]), "choose one of digits, mnist, both");
  await assertRejects(() => runClassifier(["mnist", "--folder", "nowhere"]), "nowhere");
  await assertRejects(() => runClassifier(["--stpes", "3"]), "did you mean --steps?");
});

Deno.test("the classifiers read held-out images as well as their cards say", async () => {
  const lines: string[] = [];
  await runClassifier(["digits", "--check"], (line) => lines.push(line));
  const [measured, stated] = lines.slice(0, 2).map((line) => Number(/([\d.]+) %/.exec(line)![1]));
  assert(
    Math.abs(measured! - stated!) <= 0.1,
    `${measured} % instead of ${stated} %: train anew with deno task classifier digits`,
  );
});
