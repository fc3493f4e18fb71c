import { countParameters } from "../nn/mod.ts";
import { forkRandom, normals } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import { samplingOf } from "./config.ts";
import { writeFileWhole } from "./disk.ts";
import type { FlowTask } from "./flow_task.ts";
import { readMetrics } from "./metrics.ts";
import { drawProgress, drawSamples } from "./pictures.ts";
import { type Judge, makeReport, type Report } from "./report.ts";
import { reportPage } from "./report_page.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import type { TrainResult } from "./train.ts";

/** Options of {@linkcode finishRun}. */
export interface FinishOptions {
  /** Gives samples their numbers; without it the report has only those of training. */
  judge?: Judge | undefined;
  /** Hears what is being done. */
  onStage?: (stage: string) => void;
}

/** Writes what a finished run ends with: pictures, numbers for programs and for people. */
export async function finishRun(
  task: FlowTask,
  run: RunFolder,
  result: TrainResult,
  options: FinishOptions = {},
): Promise<Report> {
  const { judge, onStage = () => {} } = options;
  const { config } = run;
  const weights = result.weights();

  onStage("Drawing samples");
  const samples = await drawSamples(
    await task.sample(weights),
    `${config.name}, ${result.step} steps`,
  );
  await writeFileWhole(runFile(run, "samplesPicture"), samples);
  const progress = await drawProgress(run);
  if (progress) await writeFileWhole(runFile(run, "progressPicture"), progress);

  onStage("Measuring the held-out loss");
  const heldout = {
    loss: await task.heldout(weights),
    ...await task.heldoutBounds(weights),
  };
  const count = config.evaluation.samples;
  let judgement;
  if (judge && count > 0) {
    onStage(`Drawing and judging ${count} samples`);
    judgement = await judge(await drawForJudging(task, run, result));
  }
  const report = makeReport(config, {
    judgement,
    samples: count,
    heldout,
    seconds: result.seconds,
    step: result.step,
    parameters: countParameters(task.model.params),
  });
  const metrics = await readMetrics(runFile(run, "metrics"));
  const page = reportPage({ ...run, report, metrics, samples, progress });
  await writeFileWhole(runFile(run, "page"), page);
  // Last, so that a report for programs means that all the rest is there.
  await writeFileWhole(runFile(run, "report"), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Samples of all classes equally often, each from noise of its own. */
async function drawForJudging(task: FlowTask, { config }: RunFolder, result: TrainResult) {
  const count = config.evaluation.samples;
  const random = forkRandom(config.seed, "noise of judged samples");
  const classes = Math.max(1, task.model.classes);
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const noise = normals(random, count * sizeOf(task.model.imageShape));
  const request = { noise, labels, ...samplingOf(config) };
  const images = await task.sampler.draw(result.weights(), request);
  return { images, labels };
}
