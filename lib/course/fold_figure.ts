import { type Figure } from "../display/mod.ts";
import { stillHtml } from "../display/page/html.ts";
import { escape } from "../display/svg.ts";

/** Figures behind a line that has to be clicked, for what should not be read by accident. */
export function foldFigure(summary: string, ...figures: readonly Figure[]): Figure {
  const inside = figures.map((figure) => `<div>${figure.html ?? stillHtml(figure)}</div>`).join("");
  return {
    alt: summary,
    html: `<details><summary style="cursor:pointer">${
      escape(summary)
    }</summary>${inside}</details>`,
    text: "(folded)",
  };
}
