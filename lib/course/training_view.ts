import { type Figure, imageFigure, trainingProgress } from "../display/mod.ts";
import { sizeOf } from "../tensors.ts";
import type { TrainConfig } from "../training/config.ts";
import { readMetrics } from "../training/metrics.ts";
import { loadSamples, sampleSteps } from "../training/pictures.ts";
import { runFile, type RunFolder } from "../training/run_folder.ts";
import type { SampleSet } from "../training/task.ts";
import type { TrainWatcher } from "../training/train.ts";

/** Who looks on while a training cell runs. */
export interface TrainingView extends TrainWatcher {
  /** The run starts or goes on; what it did before is in its folder. */
  begin(run: RunFolder, news?: string): Promise<void>;
  /** The run ended, with a sentence. */
  end(sentence: string): Promise<void>;
}

/** Shows training in the notebook (or the terminal), in one place that is updated. */
export function showTraining(config: TrainConfig): TrainingView {
  const progress = trainingProgress(config.steps, { title: config.name });
  let folder: RunFolder | undefined;
  let drawn: Promise<void> = Promise.resolve();

  return {
    async begin(run, news) {
      folder = run;
      if (news) console.log(news);
      for (const line of await readMetrics(runFile(run, "metrics"))) {
        if (line.kind === "heldout") progress.onHeldout({ step: line.step, loss: line });
        else progress.before(line);
      }
      const newest = (await sampleSteps(run)).at(-1);
      if (newest !== undefined) await showSamples(newest);
    },
    onStep: (event) => progress.onStep(event),
    onHeldout: (event) => progress.onHeldout(event),
    onSamples({ step }) {
      // Drawn while training goes on; the end waits for it.
      drawn = drawn.then(() => showSamples(step));
    },
    async end(sentence) {
      await drawn;
      await progress.finish(sentence);
    },
  };

  async function showSamples(step: number): Promise<void> {
    if (!folder) return;
    progress.showSamples(await samplesFigure(await loadSamples(folder, step), step));
  }
}

/** Samples with one class per column, so that they fit below a chart. */
async function samplesFigure(set: SampleSet, step: number): Promise<Figure> {
  const [height, width, channels] = set.shape, size = sizeOf(set.shape);
  const rows = set.rows.length, data = new Float32Array(set.images.length);
  for (let i = 0; i < set.count; i++) {
    const row = Math.floor(i / set.columns), column = i % set.columns;
    data.set(set.images.subarray(i * size, (i + 1) * size), (column * rows + row) * size);
  }
  return await imageFigure({ data, count: set.count, height, width, channels }, {
    alt: `Samples after step ${step}, one column for each of ${set.rows.join(", ")}`,
    columns: rows,
    columnTitles: set.rows,
    title: `samples after step ${step}`,
  });
}
