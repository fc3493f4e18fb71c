/**
 * deno task diagnose: can a config learn a few examples by heart, and if not, which link of it is broken?
 *
 *     deno task diagnose latent --examples 512 --minutes 30
 *     deno task diagnose runs/latent-20250131-174500       looks at a run, trains nothing
 *     deno task diagnose --museum                          planted faults, to see whether the tool finds them
 */
import { dirname, join } from "node:path";
import { numberAbove0, oneOf, readArguments, runCommand, wholeNumber } from "../../arguments.ts";
import { writeFileWhole } from "../../disk.ts";
import { type Device, DEVICE_NAMES, openDevice } from "../../engine/mod.ts";
import { loadNewestCheckpoint } from "../../training/checkpoint.ts";
import { type AnyTask, createTask } from "../../training/create_task.ts";
import { loadConfig } from "../../training/config_files.ts";
import { createPrepareLine } from "../../training/prepare_line.ts";
import { createProgress } from "../../training/progress.ts";
import { collectProvenance } from "../../training/provenance.ts";
import { checkResumable, checkSpace } from "../../training/resume.ts";
import {
  checkNewRun,
  createRun,
  openRun,
  runFile,
  type RunFolder,
  runPath,
  RUNS,
} from "../../training/run_folder.ts";
import { applySettings } from "../../training/settings.ts";
import { examine } from "./examine.ts";
import { memorisedGrid } from "./grid.ts";
import { FAULTS } from "./museum/faults.ts";
import { type Exhibit, runMuseum } from "./museum/run.ts";
import { museumTable } from "./museum/table.ts";
import { percent } from "./numbers.ts";
import { trained, untrained } from "./open_subject.ts";
import { overfitConfig, type OverfitEnd, trainOverfit } from "./overfit.ts";
import { diagnosisPage } from "./page.ts";
import type { Subject } from "./subject.ts";
import { diagnosisTable } from "./table.ts";
import { diagnose } from "./verdict.ts";

const USAGE = `deno task diagnose [CONFIG | RUN] [options]

  CONFIG              trains it on a few examples until it knows them by heart, then looks at every link
  RUN                 folder of a run: looks at it and trains nothing
  --examples 512      how many examples
  --minutes 20        ends the training after so much time
  --set NAME=VALUE    changes a setting, as in --set steps=2000; any number of times
  --resume RUN        goes on with such a training
  --samples 64        examples that are drawn
  --device cpu        where to compute
  --out FOLDER        where the run is kept, or the diagnosis of a RUN; runs/diagnose-CONFIG-DATE-TIME by default
  --json              prints the numbers for programs
  --museum            plants faults in small systems and says which of them are found
  --quick             with --museum: some faults, trained briefly, and one healthy run of a kind
  --only KEYS         with --museum: some faults, as in --only no-time,velocity-sign; "healthy" for those without
  --help
`;

const OPTIONS = {
  examples: "value",
  minutes: "value",
  set: "list",
  resume: "value",
  samples: "value",
  device: "value",
  out: "value",
  json: "flag",
  museum: "flag",
  quick: "flag",
  only: "value",
  help: "flag",
} as const;

type Options = ReturnType<typeof readArguments<keyof typeof OPTIONS>>["options"];
type Print = (line: string) => void;

/** Faults of a quick visit: each kind of link once. */
const QUICK = [
  "velocity-sign",
  "swapped-axes",
  "no-time",
  "sampler-direction",
  "latent-scale",
  "guidance-sign",
  "captions-off-by-one",
  "long-average",
];

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runDiagnose(
  args: readonly string[],
  print: Print = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (words[1] !== undefined) throw new RangeError(`Cannot read "${words[1]}": name one config`);
  const device = oneOf("device", options.device?.[0] ?? "cpu", DEVICE_NAMES);
  // What goes on is for people: with --json only the numbers are printed.
  const tell: Print = options.json ? () => {} : print;
  if (options.museum) return await visitMuseum(await openDevice(device), options, print);

  const samples = wholeNumber("samples", options.samples?.[0] ?? "64", 1, 10_000);
  const plan = await planOf(words[0], options);
  const opened = await openDevice(options.device ? device : plan.config.device);
  const preparing = createPrepareLine();
  const any = await createTask(opened, plan.config, { onProgress: preparing.show }).finally(() =>
    preparing.end()
  );
  try {
    const base = await untrained(plan.config, any);
    const { run, end } = await learn(plan, any, base, opened, options, tell);
    const subject = await trained(base, run, end?.diverged);
    const { evidence, drawn } = await examine(opened, subject, {
      samples,
      onStage: (stage) => tell(`${stage} …`),
    });
    const diagnosis = diagnose(evidence);
    const title = `${run.path}, step ${subject.step}`, folder = options.out?.[0] ?? run.path;
    const captions = drawn.asked.map((index) => wordsOf(subject, index));
    const grid = await memorisedGrid({ ...subject, captions }, drawn, title);
    const json = {
      run: run.path,
      step: subject.step,
      ended: end?.because ?? null,
      diagnosis,
      evidence,
    };
    await Deno.mkdir(folder, { recursive: true });
    await writeFileWhole(join(folder, "diagnosis.png"), grid);
    await writeFileWhole(join(folder, "diagnosis.json"), `${JSON.stringify(json, null, 2)}\n`);
    const page = diagnosisPage({ title, diagnosis, evidence, history: subject.history, grid });
    await writeFileWhole(join(folder, "diagnosis.html"), page);
    if (options.json) return print(JSON.stringify(json, null, 2));
    print(`\n${title}\n\n${diagnosisTable(diagnosis)}`);
    print(`\nLook at ${join(folder, "diagnosis.html")}`);
  } finally {
    await any.task.dispose();
  }
}

/** What is to be done: a run to look at, one to go on with, or a config to train. */
type Plan =
  | { kind: "look"; config: RunFolder["config"]; run: RunFolder }
  | { kind: "resume"; config: RunFolder["config"]; run: RunFolder }
  | { kind: "new"; config: RunFolder["config"]; path: string };

async function planOf(word: string | undefined, options: Options): Promise<Plan> {
  if (options.resume) {
    const fixed = word ?? options.examples?.[0] ?? options.set?.[0];
    if (fixed !== undefined) {
      throw new RangeError(
        `Cannot use "${fixed}" with --resume: a run goes on with the settings it was started with`,
      );
    }
    const run = await openRun(options.resume[0]!);
    return { kind: "resume", run, config: run.config };
  }
  if (
    word !== undefined && await Deno.stat(join(word, "config.json")).then(() => true, () => false)
  ) {
    if (options.set) throw new RangeError("Leave --set out: a run has the settings that it has");
    const run = await openRun(word);
    return { kind: "look", run, config: run.config };
  }
  const examples = wholeNumber("examples", options.examples?.[0] ?? "512", 8, 2048);
  const changed = overfitConfig(await loadConfig(word ?? "digits"), examples);
  const config = applySettings(changed, options.set ?? []);
  const path = options.out?.[0] ?? runPath(config.name, new Date());
  await checkNewRun(path);
  return { kind: "new", config, path };
}

/** Trains, where that is asked for. */
async function learn(
  plan: Plan,
  any: AnyTask,
  base: Awaited<ReturnType<typeof untrained>>,
  device: Device,
  options: Options,
  print: Print,
): Promise<{ run: RunFolder; end?: OverfitEnd }> {
  if (plan.kind === "look") return { run: plan.run };
  const { task } = any, { config } = plan;
  const run = plan.kind === "resume" ? plan.run : await startRun(plan, any, device);
  const resume = plan.kind === "resume"
    ? await loadNewestCheckpoint(runFile(run, "checkpoints"))
    : undefined;
  if (resume) checkResumable(resume, task, config);
  const minutes = options.minutes && numberAbove0("minutes", options.minutes[0]!);
  print(`${run.path}: ${base.rows.size} examples, up to ${config.steps} steps`);
  const progress = options.json ? undefined : createProgress(config.steps);
  const stop = new AbortController();
  const onInterrupt = () => {
    if (stop.signal.aborted) Deno.exit(130);
    progress?.pause();
    print("Saving after this step; Ctrl-C again quits at once.");
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  try {
    const end = await trainOverfit(any, base, run, device, {
      resume,
      stop: stop.signal,
      watch: progress,
      ...(minutes && { minutes }),
      onMeasured({ excess, right }) {
        progress?.pause();
        print(
          `${percent(Math.max(0, excess))} of the loss is left` +
            (right === null ? "" : `, ${percent(right)} of samples nearest to the right example`),
        );
      },
    });
    progress?.pause();
    const more = end.because === "time" || end.because === "stopped";
    print(ENDS[end.because] + (more ? ` Go on with: deno task diagnose --resume ${run.path}` : ""));
    return { run, end };
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

const ENDS: Record<OverfitEnd["because"], string> = {
  memorised: "The examples are memorised.",
  steps: "All steps are made.",
  time: "The time is over.",
  stopped: "Stopped; all of it is saved.",
  diverged: "The training diverged.",
};

async function startRun(
  { path, config }: Pick<RunFolder, "path" | "config">,
  { task }: AnyTask,
  device: Device,
): Promise<RunFolder> {
  await checkSpace(dirname(path), task.params, config);
  const command = ["deno task diagnose", ...Deno.args].join(" ");
  const engine = device.description, data = task.fingerprint;
  return await createRun(path, config, await collectProvenance({ command, engine, data }));
}

function wordsOf({ rows, classes }: Subject, index: number): string {
  return rows.captions?.[index] ?? (rows.labels ? classes[rows.labels[index]!]! : "");
}

async function visitMuseum(device: Device, options: Options, print: Print): Promise<void> {
  const quick = options.quick !== undefined;
  const only = options.only?.[0]?.split(",").map((key) =>
    oneOf("only", key.trim(), ["healthy", ...FAULTS.map(({ key }) => key)])
  );
  const faults = only ?? (quick ? QUICK : undefined);
  const healthy = only && !only.includes("healthy") ? [] : quick ? [0] : [0, 1, 2, 3, 4];
  const folder = options.out?.[0] ?? RUNS;
  await Deno.mkdir(folder, { recursive: true });
  const describe = ({ key, seed, system, found, hit }: Exhibit) =>
    `${hit ? "right" : "WRONG"}  ${key}, ${system}, seed ${seed}: ${found ?? "healthy"}`;
  const exhibits = await runMuseum(device, {
    folder,
    healthy,
    brief: quick,
    ...(faults && { faults }),
    onExhibit: (exhibit) => options.json || print(describe(exhibit)),
  });
  if (options.json) return print(JSON.stringify(exhibits, null, 2));
  print(`\n${museumTable(exhibits)}`);
}

if (import.meta.main) {
  await runCommand(runDiagnose);
}
