import { Buffer } from "node:buffer";
import { lineFigure, type LineSeries } from "../../display/mod.ts";
import { escape } from "../../display/svg.ts";
import { reportHead } from "../../training/report_page.ts";
import { SIDES } from "./plan.ts";
import type { Comparison } from "./summarise.ts";
import { comparisonRows, HOW_TO_READ, speedSentence } from "./table.ts";

/** Sample grids as PNG, of one seed on both sides. */
export interface SamplePair {
  seed: number;
  a: Uint8Array;
  b: Uint8Array;
}

/** One self-contained page about a comparison: what differs, verdicts, curves with bands, samples side by side. */
export function comparisonPage(comparison: Comparison, samples: readonly SamplePair[]): string {
  const { names, differences, seeds, planned } = comparison;
  const title = `${names.a} against ${names.b}`;
  const count = seeds.length === planned.length
    ? `${seeds.length} seeds`
    : `${seeds.length} of ${planned.length} seeds`;
  return `${reportHead(`${title} · comparison`, MORE_STYLE)}
<body>
<main>
<header>
<h1>${escape(title)}</h1>
<p class="lead">${escape(headline(comparison))} ${count}; A is ${escape(names.a)}, B is ${
    escape(names.b)
  }.</p>
</header>
<section>
<h2>What differs</h2>
${
    table(
      ["setting", "A", "B"],
      differences.map(({ name, a, b }) => [`<code>${escape(name)}</code>`, escape(a), escape(b)]),
    )
  }
</section>
<section>
<h2>Numbers</h2>
${numbers(comparison)}
<p class="note">${escape(HOW_TO_READ)}</p>
${comparison.speed ? `<p>${escape(sentence(speedSentence(comparison.speed)))}</p>` : ""}
</section>
${curves(comparison)}
${pictures(comparison, samples)}
</main>
</body>
</html>
`;
}

/** What the first number says, in a sentence. */
function headline({ measures }: Comparison): string {
  const first = measures[0];
  return first ? sentence(`${first.name}: ${first.verdict}`) : "";
}

function numbers(comparison: Comparison): string {
  const rows = comparisonRows(comparison).map(([name, a, b, verdict], i) => {
    const winner = comparison.measures[i]?.winner;
    const mark = (side: "a" | "b", text: string) =>
      winner === side ? `<strong>${escape(text)}</strong>` : escape(text);
    return [escape(name!.trim()), mark("a", a!), mark("b", b!), escape(verdict!)];
  });
  return table(["", "A", "B", "B against A"], rows, "compared");
}

/** Held-out loss over the steps and by noise level, each with the band of its interval. */
function curves(comparison: Comparison): string {
  const { names, measures } = comparison;
  const overSteps = SIDES.map((side): LineSeries => {
    const points = comparison.curves[side].filter(({ step }) => step > 0);
    return series(names[side], points.map(({ step, ...interval }) => [step, interval] as const));
  });
  const bins = measures.filter(({ key }) => key.startsWith("heldout_loss "));
  const byLevel = SIDES.map((side) =>
    series(
      names[side],
      bins.map((bin) => [middleOf(bin.key), bin[side]] as const),
    )
  );
  const charts = [
    ...(overSteps.every(({ points }) => points.length > 1)
      ? [chart("Held-out loss during training", {
        alt: `Held-out loss of ${names.a} and ${names.b} over the steps, with 95 % bands`,
        x: "step",
        y: "loss",
        series: overSteps,
        logarithmic: true,
      }, "Mean over seeds; the band is its 95 % interval.")]
      : []),
    ...(bins.length > 1
      ? [chart("Held-out loss by noise level", {
        alt: `Held-out loss of ${names.a} and ${names.b} by noise level, with 95 % bands`,
        x: "noise level t",
        y: "loss",
        series: byLevel,
        logarithmic: true,
      }, "At the end of training. t = 0 is data and t = 1 is noise.")]
      : []),
    ...(bins.length > 1
      ? [chart("Difference by noise level", {
        alt: "Difference of the held-out losses, B minus A, in per cent of A, by noise level",
        x: "noise level t",
        y: "B − A, % of A",
        series: [series("B − A", bins.map(relative)), ZERO],
      }, "Where the band holds zero, no difference can be claimed at that level.")]
      : []),
  ];
  if (charts.length === 0) return "";
  return `<section>\n<h2>Curves</h2>\n<div class="charts">${charts.join("\n")}</div>\n</section>`;
}

/** A line to look at differences against. */
const ZERO: LineSeries = { name: "no difference", points: [[0, 0], [1, 0]], faint: true };

/** The difference of a bin in per cent of A. */
function relative({ key, difference, a }: Comparison["measures"][number]) {
  const { mean, low, high } = difference, percent = (value: number) => 100 * value / a.mean;
  return [middleOf(key), { mean: percent(mean), low: percent(low), high: percent(high) }] as const;
}

function series(
  name: string,
  points: readonly (readonly [number, { mean: number; low: number; high: number }])[],
): LineSeries {
  return {
    name,
    points: points.map(([x, { mean }]) => [x, mean] as const),
    band: points.filter(([, { low }]) => Number.isFinite(low))
      .map(([x, { low, high }]) => [x, low, high] as const),
    dots: points.length < 30,
  };
}

function chart(title: string, options: Parameters<typeof lineFigure>[0], note: string): string {
  const { html } = lineFigure({ width: 480, height: 300, ...options });
  return `<figure class="chart"><h3>${title}</h3>${html}<figcaption>${note}</figcaption></figure>`;
}

/** The middle of the range that a bin's key names: `heldout_loss 0.125–0.25`. */
function middleOf(key: string): number {
  const [from, to] = key.split(" ")[1]!.split("–").map(Number) as [number, number];
  return (from + to) / 2;
}

function pictures({ names }: Comparison, samples: readonly SamplePair[]): string {
  const pair = ({ seed, a, b }: SamplePair) => {
    const image = (side: "a" | "b", png: Uint8Array) =>
      `<figure><h3>${side.toUpperCase()}: ${
        escape(names[side])
      }</h3><img loading="lazy" src="data:image/png;base64,${
        Buffer.from(png).toString("base64")
      }" alt="Samples of ${escape(names[side])}, seed ${seed}"></figure>`;
    return `<div class="pair">${image("a", a)}${image("b", b)}</div>`;
  };
  const [first, ...others] = samples;
  if (!first) return "";
  return `<section>
<h2>Samples</h2>
<p class="note">Seed ${first.seed}: the same noise and the same wishes on both sides. Pictures are no measurement.</p>
${pair(first)}
${
    others.map((one) => `<details><summary>Seed ${one.seed}</summary>${pair(one)}</details>`).join(
      "\n",
    )
  }
</section>`;
}

function table(head: readonly string[], rows: readonly string[][], kind = ""): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table class="${kind}"><thead>${cells(head, "th")}</thead><tbody>${
    rows.map((row) => cells(row, "td")).join("\n")
  }</tbody></table></div>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const MORE_STYLE = `
.compared td:nth-child(2),.compared td:nth-child(3){text-align:right;white-space:nowrap}
.compared th:nth-child(2),.compared th:nth-child(3){text-align:right}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:24px;align-items:start;margin:12px 0}
`;
