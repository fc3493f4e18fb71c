import { Buffer } from "node:buffer";
import { pageHead } from "../display/page/head.ts";
import { escape } from "../display/svg.ts";
import type { MetricLine } from "./metrics.ts";
import type { Provenance } from "./provenance.ts";
import { type Chapter, type Report, type ReportRow, reportRows } from "./report.ts";
import { curvesSection } from "./report_curves.ts";
import type { TrainConfig } from "./config.ts";

/** What goes onto a run's page. */
export interface ReportPage {
  report: Report;
  config: TrainConfig;
  provenance: Provenance;
  metrics: readonly MetricLine[];
  /** Pictures as PNG, where there are any. */
  samples?: Uint8Array | undefined;
  progress?: Uint8Array | undefined;
}

/** One self-contained HTML page about a run: pictures, numbers, curves, config and where it came from. */
export function reportPage(page: ReportPage): string {
  const { config, provenance, report } = page;
  return `${reportHead(`${config.name} · training report`)}
<body>
<main>
<header>
<h1>${escape(config.name)}</h1>
<p class="lead">${escape(sentence(config.about.what))} ${report.steps.value.toLocaleString("en")} of
${config.steps.toLocaleString("en")} steps, ${report.minutes.value.toFixed(1)} minutes,
${escape(provenance.started.slice(0, 10))}.</p>
</header>
${samplesSection(page)}
${numbersSection(report)}
${(report.chapters ?? []).map(chapterSection).join("\n")}
${progressSection(page)}
${curvesSection(page.metrics)}
<section>
<h2>Settings</h2>
<details>
<summary>All of them, as in <code>config.json</code></summary>
${table(flatten(config).map(([name, value]) => [code(name), escape(value)]))}
</details>
</section>
<section>
<h2>Where it came from</h2>
${table(flatten(provenance).map(([name, value]) => [escape(name), escape(value)]))}
</section>
</main>
</body>
</html>
`;
}

/** The head of a page in the style of the reports: its title, and further style of its own. */
export function reportHead(title: string, moreStyle = ""): string {
  return pageHead(title, STYLE + moreStyle);
}

function samplesSection({ samples, config }: ReportPage): string {
  if (!samples) return "";
  const { sampler, steps, guidance } = config.sampling;
  if (!drawsFromNoise(config)) {
    return figure(
      "Examples",
      samples,
      "Pictures that were kept aside and what is made of them",
      "",
    );
  }
  const one = config.text ? "prompt" : "class";
  return figure(
    "Samples",
    samples,
    `Images drawn by the trained model, one ${one} per row`,
    `Each row was asked for one ${one}, each column starts from the same noise. ` +
      `${steps} steps of ${sampler}, guidance ${guidance}.`,
  );
}

function progressSection({ progress, config }: ReportPage): string {
  if (!progress) return "";
  if (!drawsFromNoise(config)) {
    return figure("How they came to be", progress, "The same pictures as training goes on", "");
  }
  return figure(
    "How they came to be",
    progress,
    "The same images at several moments of the training, one row each",
    `The same noise and the same ${
      config.text ? "prompts" : "classes"
    } as training goes on, from the first step to the last.`,
  );
}

function drawsFromNoise({ model }: TrainConfig): boolean {
  return model.kind === "dit" || model.kind === "unet";
}

function numbersSection(report: Report): string {
  return `<section>
<h2>Numbers</h2>
${numbersTable(reportRows(report))}
<p class="note">${
    report.class_accuracy
      ? `Judged on ${
        report.samples.toLocaleString("en")
      } samples. For them the ceiling is what real images score that nobody learned from, ` +
        `and the floor is what noise scores. `
      : ""
  }For the held-out loss the ceiling is the same model on images it learned from, and the floor is an untrained model.</p>
</section>`;
}

function chapterSection({ title, rows, note = "" }: Chapter): string {
  return `<section>
<h2>${escape(title)}</h2>
${numbersTable(rows)}
<p class="note">${escape(note)}</p>
</section>`;
}

function numbersTable(rows: readonly ReportRow[]): string {
  const cells = rows.map(({ name, value, ceiling, floor, meaning }) => [
    escape(name),
    `<strong>${escape(value)}</strong>`,
    escape(ceiling),
    escape(floor),
    escape(meaning),
  ]);
  const head = ["", "this run", "ceiling", "floor", "what it is, and what is better"];
  return table(cells, head, "numbers");
}

function figure(title: string, png: Uint8Array, alt: string, caption: string): string {
  const data = Buffer.from(png).toString("base64");
  return `<section>
<h2>${title}</h2>
<figure><img src="data:image/png;base64,${data}" alt="${escape(alt)}">
<figcaption>${escape(caption)}</figcaption></figure>
</section>`;
}

function table(rows: string[][], head: string[] = [], kind = ""): string {
  const cells = (row: string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table class="${kind}">` +
    (head.length > 0 ? `<thead>${cells(head, "th")}</thead>` : "") +
    `<tbody>${rows.map((row) => cells(row, "td")).join("\n")}</tbody></table></div>`;
}

/** Dotted names and values of a record's leaves. */
function flatten(record: object, prefix = ""): [string, string][] {
  return Object.entries(record).flatMap(([key, value]): [string, string][] => {
    const name = prefix + key;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return flatten(value, `${name}.`);
    }
    return [[name, Array.isArray(value) ? value.join(", ") : String(value ?? "none")]];
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

/** How pages about runs look. */
const STYLE = `
:root{--page:#fcfcfb;--ink:#24272c;--soft:#5d636b;--line:#e2e2de;--card:#fff}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e6e7e9;--soft:#a3a9b1;--line:#33373d;--card:#1d2024}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1040px;margin:0 auto;padding:48px 24px 96px}
h1{font-size:2rem;line-height:1.2;margin:0 0 8px}
h2{font-size:1.25rem;margin:56px 0 12px}
h3{font-size:1rem;margin:0 0 8px}
.lead{color:var(--soft);margin:0;max-width:68ch}
p{max-width:68ch}
.note,figcaption{color:var(--soft);font-size:.875rem}
figure{margin:0}
summary{cursor:pointer}
details[open] summary{margin-bottom:12px}
figcaption{margin-top:8px;max-width:68ch}
img{display:block;max-width:100%;height:auto;border:1px solid var(--line);border-radius:6px;image-rendering:auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:24px;align-items:start}
.chart{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:16px}
.chart svg,.chart img{display:block;width:100%}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:6px 24px 6px 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:500}
td{overflow-wrap:anywhere}
td:first-child{white-space:nowrap}
.numbers td:nth-child(n+2):nth-child(-n+4),.numbers th:nth-child(n+2):nth-child(-n+4){text-align:right;white-space:nowrap}
code{font:.875em ui-monospace,"SF Mono",Menlo,Consolas,monospace}
@media print{main{padding:0}section{break-inside:avoid}}
`;
