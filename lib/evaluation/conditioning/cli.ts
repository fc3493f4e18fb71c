/**
 * deno task conditioning: whether a model listens to what it is asked for, and to the noise level.
 *
 *     deno task conditioning                               the run that was started last
 *     deno task conditioning dit-digits
 *     deno task conditioning runs/latent-20250131-174500 --prompt "a dog" --prompt "two red apples"
 */
import { join } from "node:path";
import { oneOf, readArguments, runCommand, wholeNumber } from "../../arguments.ts";
import { writeFileWhole } from "../../disk.ts";
import { DEVICE_NAMES, openDevice } from "../../engine/mod.ts";
import { chooseModel, type ChosenModel } from "../../training/choose_model.ts";
import { openAskedModel } from "./asked_model.ts";
import { conditioningTable } from "./describe.ts";
import { conditioningGrid } from "./grid.ts";
import { measureConditioning } from "./measure.ts";
import { conditioningPage } from "./page.ts";

const USAGE = `deno task conditioning [RUN] [options]

  RUN                folder of a run, or a model that comes with the course; the run that was started last by default
  --prompt "a dog"   what to ask for; any number of times (models with text); by default what the run drew
  --noises 8         noises for one wish; as many as there are wishes by default
  --checkpoint last  last, best (lowest held-out loss), or a step
  --weights ema      ema (the moving average) or params
  --device cpu       where to compute
  --out FOLDER       where conditioning.html, .png and .json go; the run's folder by default
`;

const OPTIONS = {
  prompt: "list",
  noises: "value",
  checkpoint: "value",
  weights: "value",
  device: "value",
  out: "value",
  help: "flag",
} as const;

/** Prompts that are asked for where none is named. */
const PROMPTS = 8;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runConditioning(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const given = options.noises && wholeNumber("noises", options.noises[0]!, 2, 50);
  const name = oneOf("device", options.device?.[0] ?? "cpu", DEVICE_NAMES);
  const chosen = await chooseModel(words, {
    checkpoint: options.checkpoint?.[0],
    weights: options.weights?.[0],
    print,
  });
  const prompts = await readPrompts(options.prompt, chosen);
  const asked = await openAskedModel(await openDevice(name), chosen, prompts);
  const noises = given ?? Math.min(50, asked.wishes.length > 1 ? asked.wishes.length : PROMPTS);
  const title = `${chosen.name}, step ${chosen.step}`;
  const folder = options.out?.[0] ?? chosen.folder;
  const path = (ending: string) => join(folder, `conditioning.${ending}`);
  try {
    const { drawn, ...found } = await measureConditioning(asked, {
      seeds: Array.from({ length: noises }, (_, seed) => seed),
      onStage: (stage) => print(`${stage} …`),
    });
    const grid = await conditioningGrid(asked, found, drawn, title);
    await Deno.mkdir(folder, { recursive: true });
    await writeFileWhole(path("png"), grid);
    await writeFileWhole(path("json"), `${JSON.stringify({ model: title, ...found }, null, 2)}\n`);
    await writeFileWhole(path("html"), conditioningPage({ title, found, grid }));
    print(`\n${title}\n\n${conditioningTable(found)}\n\nLook at ${path("html")}`);
  } finally {
    await asked.dispose();
  }
}

async function readPrompts(given: string[] | undefined, chosen: ChosenModel): Promise<string[]> {
  if (!chosen.model.text) {
    if (!given) return [];
    throw new RangeError(`Option --prompt: ${chosen.name} takes no text, leave the option out`);
  }
  const prompts = [...new Set(given ?? await chosen.prompts())];
  return given ? prompts : prompts.slice(0, PROMPTS);
}

if (import.meta.main) {
  await runCommand(runConditioning);
}
