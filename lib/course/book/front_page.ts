import { chainFigure } from "../chain.ts";
import { escapeHtml } from "../highlight.ts";
import { sourceOf } from "../../jupyter/mod.ts";
import { minutesText, type NotebookFacts } from "./course_map.ts";
import { addPicture, forDarkPages } from "./figures.ts";
import { type MarkdownContext, markdownHtml } from "./markdown.ts";
import { BOOK_TITLE } from "./page.ts";
import type { Site } from "./site.ts";

/** Heading of the part of the first notebook that the front page shows too. */
const BY_THE_END = "What you will have made";

/** The text of the front page: what the course is, its chain, its notebooks, and what they lead to. */
export function frontBody(
  map: readonly NotebookFacts[],
  site: Site,
  context: MarkdownContext,
): string {
  const figure = chainFigure();
  const chain = addPicture(site, forDarkPages(figure.svg!, { all: false }), {
    folder: "front",
    kind: "svg",
  });
  const total = map.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  const exercises = map.reduce((sum, one) => sum + one.exercises.length, 0);
  const made = sectionOf(map, BY_THE_END);
  return `<h1>${BOOK_TITLE}, in TypeScript</h1>
<p class="lead">A hands-on course from flow matching on digits to a text-to-image model in latents:
${map.length} notebooks with ${exercises} exercises. Two processor cores are enough; to run all cells of all
notebooks took them ${minutesText(total)}.</p>
<p>These pages are the notebooks with all their outputs, to read and to print. To work in them, get
the course and run <code>deno task notebooks</code>. Hints and solutions are folded below each
exercise.</p>
<h2 id="chain">The chain</h2>
<p>Every notebook walks along the same chain and says which of its links it is about.</p>
<p class="figure"><img src="${chain}" alt="${
    escapeHtml("The chain that the course walks along, from a row of data to a drawn picture")
  }" style="--width:832px"></p>
<h2 id="map">The notebooks</h2>
<ol class="map">
${map.map((facts) => entry(facts, context)).join("\n")}
</ol>
${made ? `<h2 id="made">${BY_THE_END}</h2>\n${markdownHtml(made, context)}` : ""}`;
}

/** The page of a notebook in the book. */
export function chapterPath({ lesson }: Pick<NotebookFacts, "lesson">): string {
  return `${lesson.name}.html`;
}

function entry(facts: NotebookFacts, context: MarkdownContext): string {
  const { number, title, claim, reading, seconds, exercises } = facts;
  const shown = claim && markdownHtml(`You will have shown ${claim}`, context);
  const times = [
    ...(reading ? [reading] : []),
    ...(exercises.length > 0
      ? [exercises.length === 1 ? "1 exercise" : `${exercises.length} exercises`]
      : []),
    seconds === undefined ? "not run yet" : `computes for ${minutesText(seconds)}`,
  ];
  return `<li><span class="mark" aria-hidden="true">${number}</span><div>
<h3><a href="${chapterPath(facts)}">${escapeHtml(title)}</a></h3>
${shown}<p class="note">${escapeHtml(times.join(" · "))}</p></div></li>`;
}

/** The text below a heading in the notebooks, up to the next heading. */
function sectionOf(map: readonly NotebookFacts[], heading: string): string | undefined {
  const cells = map.flatMap(({ notebook }) => notebook.cells)
    .filter(({ cell_type }) => cell_type === "markdown").map(sourceOf);
  const found = cells.find((cell) => cell.includes(`## ${heading}\n`));
  const [, below = ""] = found?.split(`## ${heading}\n`) ?? [];
  return below.split(/^## /m)[0]?.trim();
}
