import { Buffer } from "node:buffer";
import { heatMapFigure, lineFigure } from "../../display/mod.ts";
import { escape } from "../../display/svg.ts";
import { reportHead } from "../../training/report_page.ts";
import { conditioningSentences } from "./describe.ts";
import type { Conditioning } from "./measure.ts";

/** What goes onto the page. */
export interface ConditioningPage {
  /** The model and the step of its checkpoint. */
  title: string;
  found: Conditioning;
  /** The two grids as one picture, PNG. */
  grid: Uint8Array;
}

/** One self-contained page: the two grids, how the velocity depends on wish and noise level, distances. */
export function conditioningPage({ title, found, grid }: ConditioningPage): string {
  const { wish_sensitivity: wishes, time_sensitivity: time, levels, same_noise: apart } = found;
  const words = levels.map(String);
  const charts = [
    ...(wishes.length > 0
      ? [chart(
        "What the wish changes",
        lineFigure({
          alt: "Relative change of the velocity with another wish and with none, by noise level",
          x: "noise level t",
          y: "% of the velocity",
          series: [
            {
              name: "another wish",
              points: wishes.map(({ t, between }) => [t, 100 * between]),
              dots: true,
            },
            {
              name: "no wish",
              points: wishes.map(({ t, to_nothing }) => [t, 100 * to_nothing]),
              dots: true,
            },
          ],
          width: 480,
          height: 300,
        }).html,
        "At the same x_t. Near noise the wish is all there is to know; near data the picture says it itself.",
      )]
      : []),
    chart(
      "What the noise level changes",
      heatMapFigure({
        alt: "Relative change of the network's output when it is told another noise level",
        values: time.map((row) => row.map((share) => 100 * share)),
        x: "told t",
        y: "true t",
        columnLabels: words,
        rowLabels: words,
        annotate: true,
      }).html,
      "Change of the network's output in per cent of its size. Zeros everywhere would mean that t does not arrive.",
    ),
    ...(wishes.length > 0
      ? [chart(
        "How far apart pictures of one noise are",
        heatMapFigure({
          alt: "Distances between pictures of different wishes from one noise",
          values: apart.matrix,
          columnLabels: found.wishes.map(shortened),
          rowLabels: found.wishes.map(shortened),
        }).html,
        "Root mean square per number, as the model sees pictures.",
      )]
      : []),
  ];
  return `${reportHead(`${title} · conditioning`)}
<body>
<main>
<h1>${escape(title)}</h1>
<p class="lead">Does the model listen to what it is asked for, and to the noise level?</p>
<section>
<h2>In words</h2>
<ul>${
    conditioningSentences(found).map((sentence) => `<li>${escape(sentence)}.</li>`).join("\n")
  }</ul>
</section>
<section>
<h2>Pictures</h2>
<figure><img src="data:image/png;base64,${
    Buffer.from(grid).toString("base64")
  }" alt="Above, one noise and all wishes; below, one wish and several noises">
<figcaption>Above: the same noise for every wish. Below: the same wish from several noises.</figcaption></figure>
</section>
<section>
<h2>Numbers</h2>
<div class="charts">${charts.join("\n")}</div>
</section>
</main>
</body>
</html>
`;
}

function chart(title: string, html: string | undefined, note: string): string {
  return `<figure class="chart"><h3>${title}</h3>${
    html ?? ""
  }<figcaption>${note}</figcaption></figure>`;
}

/** Prompts are longer than a heat map has room for. */
function shortened(wish: string): string {
  return wish.length <= 24 ? wish : `${wish.slice(0, 23)}…`;
}
