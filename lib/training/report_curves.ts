import { lineFigure, type LineFigureOptions, type LineSeries } from "../display/mod.ts";
import type { HeldoutLine, MetricLine, TrainLine } from "./metrics.ts";

/** The curves of a run as a section of its page; nothing before the first line of metrics. */
export function curvesSection(metrics: readonly MetricLine[]): string {
  const trained = metrics.filter((line): line is TrainLine => line.kind === "train");
  const heldout = metrics.filter((line): line is HeldoutLine => line.kind === "heldout");
  if (trained.length === 0) return "";
  const raw = trained.map(({ step, loss }) => [step, loss] as const);
  const last = (series: readonly (readonly [number, number])[]) => series.at(-1)![1].toPrecision(3);
  const loss: LineSeries[] = [
    { name: "training", points: raw, faint: true },
    { name: "training, smoothed", points: smooth(raw) },
  ];
  const aside = heldout.map(({ step, loss }) => [step, loss] as const);
  if (aside.length > 0) loss.push({ name: "held out", points: aside, dots: true });

  const charts = [
    chart("Loss", {
      alt: `Training loss falls from ${raw[0]![1].toPrecision(3)} to ${last(smooth(raw))}` +
        (aside.length > 0 ? `, held-out loss to ${last(aside)}` : ""),
      y: "loss",
      series: loss,
      logarithmic: true,
    }, "Held-out numbers use the averaged weights."),
  ];
  if (heldout.length > 1 && heldout[0]!.bins.length > 0) {
    const bins = heldout[0]!.bins;
    charts.push(chart(
      "Held-out loss by noise level",
      {
        alt: `Held-out loss in ${bins.length} ranges of the noise level`,
        y: "loss",
        series: bins.map(({ from, to }, i) => ({
          name: `t ${short(from)}–${short(to)}`,
          points: heldout.map(({ step, bins }) => [step, bins[i]!.loss] as const),
          dots: heldout.length < 30,
        })),
        ordered: true,
        logarithmic: true,
      },
      "t = 0 is data and t = 1 is noise. Nearest to data, the little noise left is the hardest to tell.",
    ));
  }
  charts.push(chart("Learning rate", {
    alt: "Learning rate over the steps",
    y: "learning rate",
    series: [{
      name: "learning rate",
      points: trained.map(({ step, learningRate }) => [step, learningRate] as const),
    }],
    height: 220,
  }));
  if (trained.some(({ gradientNorm }) => gradientNorm !== null)) {
    const points = trained.map(({ step, gradientNorm }) => [step, gradientNorm ?? NaN] as const);
    charts.push(chart("Gradient norm", {
      alt: "Norm of the gradients before clipping",
      y: "norm",
      series: [{ name: "gradient norm", points }],
      logarithmic: true,
      height: 220,
    }, "Before clipping."));
  }
  return `<section>\n<h2>Curves</h2>\n<div class="charts">${charts.join("\n")}</div>\n</section>`;
}

function chart(
  title: string,
  options: Omit<LineFigureOptions, "x">,
  note = "",
): string {
  return `<figure class="chart"><h3>${title}</h3>${
    lineFigure({ width: 480, height: 300, ...options, x: "step" }).html
  }` +
    (note && `<figcaption>${note}</figcaption>`) + "</figure>";
}

/** Exponential mean over about a twentieth of the points. */
function smooth(points: readonly (readonly [number, number])[]): [number, number][] {
  const weight = Math.min(1, 20 / points.length);
  let mean = points[0]![1];
  return points.map(([x, y]) => [x, mean += weight * (y - mean)]);
}

function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
