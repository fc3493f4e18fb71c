/**
 * deno task gallery: the samples of a run from its first step to its last, as a page with a slider and an animation.
 *
 *     deno task gallery                                    the run that was started last
 *     deno task gallery runs/digits-20250131-174500 --animation gif --delay 250
 */
import { oneOf, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { ANIMATIONS, writeGallery } from "./gallery.ts";
import { chosenRun } from "./run_folder.ts";

const USAGE = `deno task gallery [RUN] [options]

  RUN                folder of a run; the run that was started last by default
  --animation webp   webp or gif
  --delay 400        milliseconds for each step; the last one stays five times as long
  --out FOLDER       where the files go; the run's folder by default
`;

const OPTIONS = { animation: "value", delay: "value", out: "value", help: "flag" } as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runGallery(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const animation = oneOf("animation", options.animation?.[0] ?? "webp", ANIMATIONS);
  const delay = wholeNumber("delay", options.delay?.[0] ?? "400", 20, 60_000);
  const run = await chosenRun(words), folder = options.out?.[0] ?? run.path;
  const { page, animation: film, steps } = await writeGallery(run, { folder, animation, delay });
  print(`${steps.length} moments of ${run.path}, steps ${steps[0]} to ${steps.at(-1)}:`);
  print(`  ${page}\n  ${film}`);
}

if (import.meta.main) {
  await runCommand(runGallery);
}
