import { Buffer } from "node:buffer";
import { lineFigure, type LineSeries } from "../../display/mod.ts";
import { escape } from "../../display/svg.ts";
import type { TrainLine } from "../../training/metrics.ts";
import { reportHead } from "../../training/report_page.ts";
import type { Evidence } from "./examine.ts";
import { percent } from "./numbers.ts";
import { headline } from "./table.ts";
import type { Diagnosis } from "./verdict.ts";

/** What goes onto a page about a diagnosis. */
export interface DiagnosisPage {
  title: string;
  diagnosis: Diagnosis;
  evidence: Evidence;
  history: readonly TrainLine[];
  /** Examples beside what was drawn, as PNG. */
  grid: Uint8Array;
}

/** One self-contained page: the verdict, the pictures, losses by noise level, and every number behind it. */
export function diagnosisPage(
  { title, diagnosis, evidence, history, grid }: DiagnosisPage,
): string {
  const { result, data } = evidence;
  return `${reportHead(`${title} · diagnosis`, MORE_STYLE)}
<body>
<main>
<header>
<h1>${escape(title)}</h1>
<p class="lead">${escape(headline(diagnosis.because))}</p>
</header>
<section>
<h2>Verdict</h2>
${verdictTable(diagnosis)}
</section>
<section>
<h2>Memorised against reference</h2>
<figure><img src="data:image/png;base64,${
    Buffer.from(grid).toString("base64")
  }" alt="Examples, what was drawn when they were asked for, and the nearest examples">
<figcaption>Each drawn picture starts from noise of its own. ${
    percent(result.right)
  } of ${result.samples} are nearest to an example that asks for the same (chance: ${
    percent(result.chance)
  }); ${data.examples.toLocaleString("en")} examples.</figcaption></figure>
</section>
<section>
<h2>Curves</h2>
<div class="charts">${charts(evidence, history).join("\n")}</div>
</section>
<section>
<h2>All numbers</h2>
<details><summary>Everything that was measured</summary>
${
    table(
      ["", ""],
      leaves({ ...evidence, field: { ...evidence.field, levels: undefined } }),
    )
  }
</details>
</section>
</main>
</body>
</html>
`;
}

function verdictTable({ verdicts, first_suspect }: Diagnosis): string {
  const rows = verdicts.map(({ link, status, evidence, advice }) => [
    link === first_suspect ? `<strong>${link}</strong>` : link,
    `<span class="${status}">${status}</span>`,
    escape(evidence),
    escape(advice),
  ]);
  return table(["link", "looks", "evidence", "what to try"], rows);
}

function charts({ field }: Evidence, history: readonly TrainLine[]): string[] {
  const { levels } = field;
  const line = (
    name: string,
    pick: (level: typeof levels[number]) => number | null,
  ): LineSeries => ({
    name,
    points: levels.flatMap((level) => {
      const value = pick(level);
      return value === null ? [] : [[level.t, value] as const];
    }),
    dots: true,
  });
  const several = levels.some(({ other }) => other !== null);
  return [
    chart("Loss by noise level", {
      alt: "Loss of the model and of known fields by noise level",
      x: "noise level t",
      y: "loss",
      series: [
        line("model", ({ model }) => model),
        line("exact field", ({ exact }) => exact),
        line("always the mean", ({ mean }) => mean),
        ...(several ? [line("asked for another", ({ other }) => other)] : []),
      ],
    }, "The exact field of the examples is the least that any model can have on them."),
    chart("Against the exact velocity", {
      alt: "Correlation and slope of the model's velocity against the exact one",
      x: "noise level t",
      y: "1 is right",
      series: [
        line("correlation", ({ correlation }) => correlation),
        line("slope", ({ slope }) => slope),
      ],
    }, "A slope of −1 is a flipped sign, another slope a wrong scale."),
    ...(history.length > 1
      ? [chart("Loss during training", {
        alt: "Training loss over the steps",
        x: "step",
        y: "loss",
        series: [{ name: "loss", points: history.map(({ step, loss }) => [step, loss] as const) }],
        logarithmic: true,
      }, "As the trainer logged it.")]
      : []),
  ];
}

function chart(title: string, options: Parameters<typeof lineFigure>[0], note: string): string {
  const { html } = lineFigure({ width: 480, height: 300, ...options });
  return `<figure class="chart"><h3>${title}</h3>${html}<figcaption>${note}</figcaption></figure>`;
}

/** Dotted names of a record's leaves, with their values. */
function leaves(record: object, prefix = ""): string[][] {
  return Object.entries(record).flatMap(([key, value]): string[][] => {
    if (value === undefined) return [];
    const name = prefix + key;
    if (typeof value === "object" && value !== null) return leaves(value, `${name}.`);
    const text = typeof value === "number" && !Number.isInteger(value)
      ? value.toPrecision(4)
      : String(value ?? "none");
    return [[`<code>${escape(name)}</code>`, escape(text)]];
  });
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table><thead>${cells(head, "th")}</thead><tbody>${
    rows.map((row) => cells(row, "td")).join("\n")
  }</tbody></table></div>`;
}

const MORE_STYLE = `
.ok{color:#2e7d4f}.suspect{color:#a86a00;font-weight:600}.broken{color:#c0392b;font-weight:600}.unknown{color:var(--soft)}
@media (prefers-color-scheme:dark){.ok{color:#7bc79a}.suspect{color:#e5b567}.broken{color:#ef8a80}}
`;
