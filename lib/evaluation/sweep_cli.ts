/**
 * deno task sweep: what the guidance scale does to samples, in numbers over several seeds.
 *
 *     deno task sweep dit-digits
 *     deno task sweep runs/digits-20250131-174500 --guidance 1,2,4 --seeds 0,1 --interval 0.2,0.8
 */
import { DEVICE_NAMES, openDevice } from "../engine/mod.ts";
import { SAMPLERS } from "../flow/mod.ts";
import { oneOf, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { loadNewestCheckpoint } from "../training/checkpoint.ts";
import { samplingOf } from "../training/config.ts";
import { writeFileWhole } from "../disk.ts";
import { openRun, runFile } from "../training/run_folder.ts";
import { loadShipped } from "../training/shipped.ts";
import { modelOf, weightsOf } from "../training/trained_model.ts";
import { openEvaluator } from "./evaluate.ts";
import { spreadOf, sweepGuidance, type SweepPoint } from "./sweep.ts";

const USAGE = `deno task sweep MODEL [options]

  MODEL                     a model of checkpoints/, such as dit-digits, or the folder of a run
  --guidance 0,1,1.5,2,3,5  guidance scales
  --seeds 0,1,2             seeds of the noise
  --count 500               samples for each scale and seed, all classes equally often
  --sampler heun            euler, heun or rk4; as in the model's config by default
  --steps 12                steps from noise to image; as in the model's config by default
  --interval 0.2,0.8        noise levels between which guidance is applied; all by default
  --folder PATH             where the files of MNIST are
  --device cpu              where to compute
  --json FILE               keeps all numbers in a file below runs
`;

const OPTIONS = {
  guidance: "value",
  seeds: "value",
  count: "value",
  sampler: "value",
  steps: "value",
  interval: "value",
  folder: "value",
  device: "value",
  json: "value",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runSweep(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (words.length !== 1) throw new RangeError("Name one model: deno task sweep dit-digits");
  const guidances = numbers("guidance", options.guidance?.[0] ?? "0,1,1.5,2,3,5");
  const seeds = numbers("seeds", options.seeds?.[0] ?? "0,1,2")
    .map((seed) => wholeNumber("seeds", String(seed), 0, 2 ** 32 - 1));
  const count = wholeNumber("count", options.count?.[0] ?? "500", 20, 50_000);
  const interval = options.interval && numbers("interval", options.interval[0]!);
  if (interval && interval.length !== 2) {
    throw new RangeError(`Option --interval is "${options.interval![0]}": expected two numbers`);
  }
  const found = await findModel(words[0]!);
  if (found.model.classes === 0) throw new RangeError(`${words[0]} has no classes to follow`);
  const { data, objective } = found.config, usual = samplingOf(found.config);
  const how = {
    sampler: options.sampler
      ? oneOf("sampler", options.sampler[0]!, Object.keys(SAMPLERS) as (keyof typeof SAMPLERS)[])
      : usual.sampler,
    steps: options.steps ? wholeNumber("steps", options.steps[0]!, 1, 10_000) : usual.steps,
    shift: usual.shift,
    ...(interval && { interval: interval as [number, number] }),
  };

  const device = await openDevice(
    oneOf("device", options.device?.[0] ?? "cpu", DEVICE_NAMES),
  );
  const folder = options.folder?.[0] ?? data.folder;
  const evaluator = await openEvaluator(device, { dataset: data.name, folder });
  try {
    print(
      `${words[0]}: ${how.sampler} ${how.steps} steps, ${count} samples, seeds ${
        seeds.join(", ")
      }` +
        (interval ? `, guided between noise levels ${interval.join(" and ")}` : ""),
    );
    const points = await sweepGuidance(device, evaluator, found, {
      ...how,
      guidances,
      seeds,
      count,
      prediction: objective.prediction,
    });
    print(sweepTable(points));
    if (options.json) {
      const content = { model: words[0], count, seeds, ...how, points };
      await writeFileWhole(options.json[0]!, `${JSON.stringify(content, null, 2)}\n`);
    }
  } finally {
    await evaluator.dispose();
  }
}

/** Mean ± deviation over seeds, as a table in Markdown; the last row is real images. */
export function sweepTable(points: readonly SweepPoint[]): string {
  const accuracy = spreadOf(points, (e) => 100 * e.class_accuracy!.value);
  const diversity = spreadOf(points, (e) => e.diversity.value);
  const frechet = spreadOf(points, (e) => e.frechet.value);
  const written = ({ mean, deviation }: { mean: number; deviation: number }, digits: number) =>
    mean.toFixed(digits) + (Number.isNaN(deviation) ? "" : ` ± ${deviation.toFixed(digits)}`);
  const { class_accuracy, diversity: spread, frechet: distance } = points[0]!.evaluation;
  return [
    "| guidance | class accuracy, % | diversity | Fréchet |",
    "| -------- | ----------------- | --------- | ------- |",
    ...[...accuracy.keys()].map((guidance) =>
      `| ${guidance} | ${written(accuracy.get(guidance)!, 1)} | ` +
      `${written(diversity.get(guidance)!, 2)} | ${written(frechet.get(guidance)!, 2)} |`
    ),
    `| real | ${(100 * class_accuracy!.ceiling).toFixed(1)} | ${spread.ceiling.toFixed(2)} | ` +
    `${distance.ceiling.toFixed(2)} |`,
  ].join("\n");
}

/** A model that comes with the course, or that of a run. */
async function findModel(name: string) {
  if (!/[\\/]/.test(name)) return await loadShipped(name);
  const run = await openRun(name);
  const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!checkpoint) throw new RangeError(`The run in ${name} has no checkpoint yet`);
  const { config } = run;
  const weights = weightsOf(checkpoint, config.ema.decay > 0 ? "ema" : "params");
  return { config, model: modelOf(config, checkpoint), weights };
}

function numbers(option: string, text: string): number[] {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() !== "" && Number.isFinite(value)) return value;
    throw new RangeError(`Option --${option} is "${text}": expected numbers, as in 0,1,2`);
  });
}

if (import.meta.main) {
  await runCommand(runSweep);
}
