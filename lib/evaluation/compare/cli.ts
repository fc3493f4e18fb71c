/**
 * deno task compare: two configs over several seeds, and what may be said about their difference.
 *
 *     deno task compare digits selfflow-lite --seeds 5
 *     deno task compare digits --set-b objective.prediction=velocity --seeds 5 --set steps=1200
 *     deno task compare --resume runs/compare-digits-selfflow-lite
 */
import { join } from "node:path";
import { readArguments, runCommand, wholeNumber } from "../../arguments.ts";
import { openDevice } from "../../engine/mod.ts";
import { loadConfig } from "../../training/config_files.ts";
import { createPrepareLine } from "../../training/prepare_line.ts";
import { createProgress, type Progress } from "../../training/progress.ts";
import { RUNS } from "../../training/run_folder.ts";
import { applySettings } from "../../training/settings.ts";
import {
  checkComparable,
  type CompareFolder,
  type ComparePlan,
  findComparison,
  namesOf,
  openComparison,
} from "./plan.ts";
import { corruptsDifferently, measureCorruption } from "./corruption.ts";
import { runSeeds } from "./run_seeds.ts";
import { measureSpeed } from "./speed.ts";
import { finishedSeeds } from "./summarise.ts";
import { comparisonTable } from "./table.ts";
import {
  readCorruption,
  readSpeed,
  RESULTS,
  saveCorruption,
  saveSpeed,
  writeComparison,
} from "./write.ts";

const USAGE = `deno task compare A [B] [options]

  A, B                configs, by name or by the path of a .ts file; B is A by default, to be changed with --set-b
  --seeds 5           how many seeds, or which: --seeds 3,4,5
  --set NAME=VALUE    changes a setting on both sides; any number of times, like the next two
  --set-a NAME=VALUE  changes it for A alone
  --set-b NAME=VALUE  changes it for B alone
  --out FOLDER        where the runs are kept; runs/compare-A-B by default. The same command again goes on there
  --resume FOLDER     goes on with a comparison, with the settings it was started with
  --speed 30          updates timed in turns; 0 leaves it out
  --table             shows what is known so far and runs nothing
  --help

  Finished runs are never repeated, interrupted ones go on, and more seeds can be asked for later.
`;

const OPTIONS = {
  seeds: "value",
  set: "list",
  "set-a": "list",
  "set-b": "list",
  out: "value",
  resume: "value",
  speed: "value",
  table: "flag",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runCompare(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const pairs = wholeNumber("speed", options.speed?.[0] ?? "30", 0, 10_000);
  const folder = options.resume
    ? await findComparison(resumed(words, options))
    : await startComparison(words, options);
  const show = async () => {
    print(comparisonTable(await writeComparison(folder)));
    print(`\nLook at ${join(folder.path, RESULTS.page)}`);
  };
  if (options.table) return await show();

  const device = await openDevice(folder.plan.configs.a.device);
  print(`${folder.path}: ${folder.plan.names.a} against ${folder.plan.names.b}`);
  let progress: Progress | undefined;
  const preparing = createPrepareLine();
  const stop = stopOnInterrupt(() => progress?.pause(), print);
  try {
    const done = await runSeeds(folder, device, {
      stop: stop.signal,
      onProgress: preparing.show,
      onRun({ side, seed, number, of, steps }) {
        progress?.pause();
        print(`run ${number} of ${of}: ${folder.plan.names[side]}, seed ${seed}`);
        progress = createProgress(steps);
      },
      watch: {
        onStep(event) {
          preparing.end();
          progress?.onStep(event);
        },
        onHeldout: (event) => progress?.onHeldout(event),
      },
      onStage(stage) {
        progress?.pause();
        print(`${stage} …`);
      },
    });
    progress?.pause();
    if (!done) {
      return print(
        `Stopped; all of it is saved. Go on with: deno task compare --resume ${folder.path}`,
      );
    }
    const seeds = await finishedSeeds(folder), known = await readCorruption(folder);
    if (corruptsDifferently(folder) && String(known?.seeds) !== String(seeds)) {
      print("Measuring both recipes on what either of them trains on …");
      await saveCorruption(folder, await measureCorruption(folder, device, seeds));
    }
    if (pairs > 0 && !await readSpeed(folder)) {
      print("Timing updates in turns …");
      await saveSpeed(folder, await measureSpeed(folder, device, { pairs }));
    }
  } finally {
    progress?.pause();
    stop.end();
  }
  await show();
}

type Options = ReturnType<typeof readArguments<keyof typeof OPTIONS>>["options"];

function resumed(words: readonly string[], options: Options): string {
  const fixed = words[0] ??
    [options.seeds, options.set, options["set-a"], options["set-b"], options.out]
      .find((values) => values !== undefined)?.[0];
  if (fixed !== undefined) {
    throw new RangeError(
      `Cannot use "${fixed}" with --resume: a comparison goes on with the settings it was started with`,
    );
  }
  return options.resume![0]!;
}

async function startComparison(words: readonly string[], options: Options): Promise<CompareFolder> {
  const [first, second = first, extra] = words;
  if (first === undefined) throw new RangeError("Name two configs: deno task compare digits mnist");
  if (extra !== undefined) throw new RangeError(`Cannot read "${extra}": name two configs`);
  const read = async (name: string, own: readonly string[] = []) =>
    applySettings(await loadConfig(name), [...options.set ?? [], ...own]);
  const a = await read(first, options["set-a"]), b = await read(second!, options["set-b"]);
  checkComparable(a, b);
  const plan: ComparePlan = {
    names: namesOf(a, b),
    configs: { a, b },
    seeds: readSeeds(options.seeds?.[0] ?? "5"),
  };
  const path = options.out?.[0] ?? join(RUNS, `compare-${a.name}-${b.name}`);
  return await openComparison(path, plan);
}

/** `5` are the seeds 0 … 4, `3,4` are those two. */
function readSeeds(text: string): number[] {
  if (!text.includes(",")) {
    return Array.from({ length: wholeNumber("seeds", text, 1, 1000) }, (_, seed) => seed);
  }
  return text.split(",").filter((part) => part.trim() !== "")
    .map((part) => wholeNumber("seeds", part, 0, 2 ** 32 - 1));
}

/** The first Ctrl-C stops after the step under way, the second one at once. */
function stopOnInterrupt(pause: () => void, print: (line: string) => void) {
  const stop = new AbortController();
  function onInterrupt() {
    pause();
    if (stop.signal.aborted) Deno.exit(130);
    print("Saving after this step; Ctrl-C again quits at once.");
    stop.abort();
  }
  Deno.addSignalListener("SIGINT", onInterrupt);
  return { signal: stop.signal, end: () => Deno.removeSignalListener("SIGINT", onInterrupt) };
}

if (import.meta.main) {
  await runCommand(runCompare);
}
