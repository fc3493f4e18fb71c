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

/** Samples as wide as they fit below a chart: with one class per column, if there are more rows than columns. */
async function samplesFigure(set: SampleSet, step: number): Promise<Figure> {
  const { rows, columns, images } = set;
  const [height, width, channels] = set.shape,
    batch = { count: set.count, height, width, channels };
  const title = `samples after step ${step}`;
  const words = [...new Set(rows)].join(", ");
  if (rows.length <= columns) {
    return await imageFigure({ ...batch, data: images }, {
      alt: `Samples after step ${step}, in rows of ${words}`,
      columns,
      rowTitles: rows,
      wordWidth: 160,
      fewColours: channels === 3,
      title,
    });
  }
  const size = sizeOf(set.shape), data = new Float32Array(images.length);
  for (let i = 0; i < set.count; i++) {
    const row = Math.floor(i / columns), column = i % columns;
    data.set(images.subarray(i * size, (i + 1) * size), (column * rows.length + row) * size);
  }
  return await imageFigure({ ...batch, data }, {
    alt: `Samples after step ${step}, one column for each of ${words}`,
    columns: rows.length,
    columnTitles: rows,
    wordWidth: 84,
    fewColours: channels === 3,
    title,
  });
}
