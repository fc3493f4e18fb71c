import { countParameters } from "../nn/mod.ts";
import { writeFileWhole } from "../disk.ts";
import { readMetrics } from "./metrics.ts";
import { drawProgress, drawSamples } from "./pictures.ts";
import { type Judge, makeReport, type Report, reportJson } from "./report.ts";
import { reportPage } from "./report_page.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import { type TrainTask, withoutAuxiliary } from "./task.ts";
import type { TrainResult } from "./train.ts";

/** Options of {@linkcode finishRun}. */
export interface FinishOptions {
  /** Gives the model its numbers; by default those that the task knows itself. */
  judge?: Judge | undefined;
  /** Hears what is being done. */
  onStage?: (stage: string) => void;
}

/** Writes what a finished run ends with: pictures, numbers for programs and for people. */
export async function finishRun(
  task: TrainTask,
  run: RunFolder,
  result: TrainResult,
  options: FinishOptions = {},
): Promise<Report> {
  const { judge = task.judge, onStage = () => {} } = options;
  const { config } = run;
  const weights = result.weights();

  let samples;
  if (task.sample) {
    onStage("Drawing samples");
    const set = await task.sample(weights);
    samples = await drawSamples(set, `${config.name}, ${result.step} steps`);
    await writeFileWhole(runFile(run, "samplesPicture"), samples);
  }
  const progress = await drawProgress(run);
  if (progress) await writeFileWhole(runFile(run, "progressPicture"), progress);

  let heldout;
  if (task.heldout) {
    onStage("Measuring the held-out loss");
    const bounds = await task.heldoutBounds?.(weights) ?? { ceiling: null, floor: null };
    heldout = { loss: await task.heldout(weights), ...bounds };
  }
  const judgement = config.evaluation.samples > 0 ? await judge?.(weights, onStage) : undefined;
  const report = makeReport(config, {
    judgement,
    heldout,
    seconds: result.seconds,
    step: result.step,
    parameters: countParameters(withoutAuxiliary(task.params)),
  });
  const metrics = await readMetrics(runFile(run, "metrics"));
  const page = reportPage({ ...run, report, metrics, samples, progress });
  await writeFileWhole(runFile(run, "page"), page);
  // Last, so that a report for programs means that all the rest is there.
  await writeFileWhole(runFile(run, "report"), `${JSON.stringify(reportJson(report), null, 2)}\n`);
  return report;
}
