import type { Figure } from "../../display/mod.ts";
import { minutesText, type NotebookFacts, readCourseMap } from "../book/course_map.ts";
import { escapeHtml } from "../highlight.ts";

/** The notebooks of the course with what they show and what they take, read from the notebooks themselves. */
export async function mapFigure(): Promise<Figure> {
  return drawMap((await readCourseMap()).filter(({ lesson }) => lesson.number > 0));
}

/** The same for these notebooks. */
export function drawMap(map: readonly NotebookFacts[]): Figure {
  const rows = map.map((facts) => {
    const { lesson, number, title, claim, exercises } = facts;
    const link = `<a href="${lesson.name}.ipynb">${number} · ${escapeHtml(title)}</a>`;
    return `<tr>${cell(link, "min-width:90px")}${
      cell(`You will have shown ${emphasised(claim)}`, "min-width:200px")
    }${cell(escapeHtml(facts.reading), "min-width:110px")}${
      cell(minutesText(facts.seconds), "min-width:80px")
    }${cell(String(exercises.length))}</tr>`;
  });
  const heads = ["notebook", "by the end", "to read and solve", "computes for", "exercises"];
  return {
    alt: "The notebooks, what they show, and how long they take",
    html: `<table style="border-collapse:collapse"><thead><tr>${
      heads.map((head) => `<th style="${CELL};border-bottom:1px solid #888">${head}</th>`).join("")
    }</tr></thead><tbody>${rows.join("")}</tbody></table>`,
    text: map.map(({ number, title, claim, seconds }) =>
      `${number} ${title} (computes for ${minutesText(seconds)}): ${claim}`
    ).join("\n"),
  };
}

const CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 8px";

function cell(html: string, style = ""): string {
  return `<td style="${CELL};${style}">${html}</td>`;
}

/** Plain Markdown of a claim: `_measured_`. */
function emphasised(claim: string): string {
  return escapeHtml(claim).replaceAll(/(?<!\w)_([^_]+)_(?!\w)/g, "<em>$1</em>");
}
