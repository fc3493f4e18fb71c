import type { Figure } from "./figure.ts";
import { lineFigure, type LineSeries } from "./line_figure.ts";
import { thin } from "./thin.ts";
import { numberText } from "./ticks.ts";

type Point = [step: number, loss: number];

/** The loss of a run so far. */
export interface LossCurve {
  /** Mean of about the last twenty steps. */
  loss: number | undefined;
  /** All steps, or groups of them in a long run. */
  curve: Point[];
  heldout: Point[];
}

/** Enough for a curve; of more, neighbours are taken together, so that long runs do not fill the memory. */
const MOST_KEPT = 2400;

/** Adds the loss of a step. */
export function addLoss(state: LossCurve, { step, loss }: { step: number; loss: number }): void {
  const [last = step - 1] = state.curve.at(-1) ?? [];
  // A plain mean at first; later each step weighs a twentieth, also where only some of them are told.
  const weight = Math.max(1 - 0.95 ** Math.max(1, step - last), 1 / (state.curve.length + 1));
  state.loss = (state.loss ?? loss) + weight * (loss - (state.loss ?? loss));
  state.curve.push([step, loss]);
  if (state.curve.length > MOST_KEPT) state.curve = pairMeans(state.curve);
}

function pairMeans(points: readonly Point[]): Point[] {
  return Array.from({ length: Math.ceil(points.length / 2) }, (_, i) => {
    const [[x, y], [otherX, otherY]] = [points[2 * i]!, points[2 * i + 1] ?? points[2 * i]!];
    return [(x + otherX) / 2, (y + otherY) / 2];
  });
}

/** Exponential mean over about a fiftieth of the points: smooth, and hardly late where the loss falls. */
function smooth(points: readonly Point[]): Point[] {
  const weight = Math.min(1, 50 / points.length);
  let mean = 0;
  return points.map(([x, y], i) => [x, mean += Math.max(weight, 1 / (i + 1)) * (y - mean)]);
}

/** The loss of each step, its mean, and the held-out loss, up to a step of so many. */
export function lossFigure({ curve, heldout }: LossCurve, step: number, steps: number): Figure {
  const mean = smooth(curve);
  const series: LineSeries[] = [
    { name: "loss", points: thin(curve, 300), faint: true },
    { name: "smoothed", points: thin(mean, 150) },
    ...(heldout.length > 0
      ? [{ name: "held out", points: thin(heldout, 150), dots: heldout.length < 40 }]
      : []),
  ];
  return lineFigure({
    alt: `Loss up to step ${step} of ${steps}: ${numberText(mean[0]![1])} at first, ` +
      `${numberText(mean.at(-1)![1])} at last`,
    x: "step",
    y: "loss",
    series,
    // Not for a loss that may be below zero.
    logarithmic: curve.every(([, loss]) => !(loss <= 0)),
    width: 440,
    height: 260,
  });
}
