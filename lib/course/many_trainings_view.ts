import { lineFigure, type LiveDisplay, liveDisplay } from "../display/mod.ts";
import { readMetrics } from "../training/metrics.ts";
import { runFile } from "../training/run_folder.ts";
import type { TrainingView } from "./training_view.ts";

/** Several trainings, one after the other, whose losses are lines of one chart. */
export interface ManyTrainingsView {
  /** The view of one of them. */
  view(name: string): TrainingView;
  /** The last state, for good. */
  finish(): Promise<void>;
}

/** Steps whose mean is one point of a line. */
const SMOOTH = 10;

/** Opens a place in the notebook (or the terminal) for several trainings of as many steps. */
export function manyTrainingsView(
  title: string,
  live: LiveDisplay = liveDisplay(),
): ManyTrainingsView {
  const lines: { name: string; points: [number, number][] }[] = [];
  const drawn = () => lines.filter(({ points }) => points.length > 0);
  const figure = () =>
    lineFigure({
      alt: `${title}: the loss of each training over its steps`,
      title,
      x: "step",
      y: "loss",
      series: drawn(),
      logarithmic: true,
      height: 280,
    });
  const update = () => drawn().length > 0 ? live.update(figure) : undefined;

  return {
    view(name) {
      const line = { name, points: [] as [number, number][] };
      let recent: number[] = [];
      lines.push(line);
      return {
        async begin(run) {
          for (const found of await readMetrics(runFile(run, "metrics"))) {
            if (found.kind === "train") line.points.push([found.step, found.loss]);
          }
          update();
        },
        onStep({ step, loss }) {
          recent.push(loss);
          if (recent.length < SMOOTH && step > 1) return;
          line.points.push([step, recent.reduce((sum, one) => sum + one, 0) / recent.length]);
          recent = [];
          update();
        },
        end: () => Promise.resolve(),
      };
    },
    async finish() {
      await (drawn().length > 0 ? live.finish(figure) : live.finish());
    },
  };
}
