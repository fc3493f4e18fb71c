/**
 * deno task evaluate: judges samples of a run by numbers, between real images and noise.
 *
 *     deno task evaluate                                   the run that was started last, 500 samples
 *     deno task evaluate runs/digits-20250131-174500 --count 1000 --guidance 3 --copies
 *     deno task evaluate runs/latent-20250131-174500 --prompts 64 --guidance 1,2,3
 */
import { DEVICE_NAMES, openDevice } from "../engine/mod.ts";
import { type Sampler, SAMPLERS } from "../flow/mod.ts";
import {
  numberAbove0,
  numberFrom0,
  oneOf,
  readArguments,
  runCommand,
  wholeNumber,
} from "../arguments.ts";
import { writeFileWhole } from "../disk.ts";
import { chooseModel } from "../training/choose_model.ts";
import { chosenRun } from "../training/run_folder.ts";
import { describeEvaluation } from "./describe.ts";
import { judgeModel, promptFollowingTable, sweepTable } from "./prompt_following/mod.ts";
import { evaluateRun, type RunEvaluation } from "./evaluate_run.ts";

const USAGE = `deno task evaluate [RUN] [options]

  RUN              folder of a run, or a model that comes with the course; the run that was started last by default
  --count 500      samples to draw, all classes equally often
  --prompts 64     prompts of each stage, and as many with unseen combinations (models with text)
  --seed 0         seed of their noise
  --steps 50       steps from noise to image
  --guidance 2     how strongly to follow the class or prompt, 1 is none; several for prompts, as in 1,2,3
  --sampler euler  euler, heun or rk4
  --shift 1        takes more of the steps near noise if above 1
  --copies         looks for copies of training images too
  --folder PATH    where the files of MNIST are
  --device cpu     where to compute
  --json FILE      keeps the numbers in a file

  Steps, guidance, sampler and shift are by default those of the run's config.
`;

const OPTIONS = {
  count: "value",
  prompts: "value",
  seed: "value",
  steps: "value",
  guidance: "value",
  sampler: "value",
  shift: "value",
  copies: "flag",
  folder: "value",
  device: "value",
  json: "value",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runEvaluate(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const number = (name: "seed" | "steps", from: number, to: number) =>
    options[name] && wholeNumber(name, options[name][0]!, from, to);
  const settings = {
    count: wholeNumber("count", options.count?.[0] ?? "500", 20, 50_000),
    seed: number("seed", 0, 2 ** 32 - 1),
    steps: number("steps", 1, 10_000),
    guidances: options.guidance?.[0]?.split(",").map((text) => numberFrom0("guidance", text)),
    sampler: options.sampler &&
      oneOf("sampler", options.sampler[0]!, Object.keys(SAMPLERS) as Sampler[]),
    shift: options.shift && numberAbove0("shift", options.shift[0]!),
    folder: options.folder?.[0],
    copies: options.copies !== undefined,
  };
  const perStage = wholeNumber("prompts", options.prompts?.[0] ?? "64", 2, 5000);
  const deviceName = oneOf("device", options.device?.[0] ?? "cpu", DEVICE_NAMES);
  const onProgress = Deno.stderr.isTerminal() ? showProgress : undefined;
  const keep = async (content: unknown) => {
    const file = options.json?.[0];
    if (file) await writeFileWhole(file, `${JSON.stringify(content, null, 2)}\n`);
  };

  const chosen = await chooseModel(words, { print });
  if (chosen.model.text) {
    const how = { ...settings, perStage, onProgress };
    const results = await judgeModel(await openDevice(deviceName), chosen, how);
    print(`${chosen.name}, step ${chosen.step}`);
    for (const result of results) print(`\n${promptFollowingTable(result)}`);
    if (results.length > 1) print(`\n${sweepTable(results)}`);
    return await keep({ run: chosen.name, step: chosen.step, prompt_following: results });
  }
  if (options.prompts) {
    throw new RangeError(`Option --prompts: ${chosen.name} takes no text, leave the option out`);
  }
  if (settings.guidances && settings.guidances.length > 1) {
    throw new RangeError(
      "Option --guidance: several are for models with text; `deno task sweep` does it with classes",
    );
  }
  const run = await chosenRun(words);
  const guidance = settings.guidances?.[0];
  const how = { ...settings, guidance, onProgress };
  const result = await evaluateRun(await openDevice(deviceName), run, how);
  print(describe(run.path, result));
  await keep({ run: run.path, ...result });
}

function describe(path: string, result: RunEvaluation): string {
  const { step, sampler, steps, guidance, evaluation, memorisation } = result;
  const title = `${path}, step ${step}: ${sampler}, ${steps} steps, guidance ${guidance}`;
  const lines = [title, "", describeEvaluation(evaluation)];
  if (memorisation) {
    const { samples, heldout, copies } = memorisation;
    lines.push(
      `nearest training image  ${samples.toFixed(3)} away, ${
        heldout.toFixed(3)
      } from real images; ` +
        `${(100 * copies).toFixed(1)} % of samples are nearer than 99 % of real images`,
    );
  }
  return lines.join("\n");
}

function showProgress(share: number): void {
  const line = `\rdrawing  ${(100 * share).toFixed(0)} %${share === 1 ? "\n" : ""}`;
  Deno.stderr.writeSync(new TextEncoder().encode(line));
}

if (import.meta.main) {
  await runCommand(runEvaluate);
}
