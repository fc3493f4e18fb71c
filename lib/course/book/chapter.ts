import { type Cell, sourceOf } from "../../jupyter/mod.ts";
import type { Exercise } from "../exercise.ts";
import { escapeHtml } from "../highlight.ts";
import { exerciseOf, isCheck } from "../lessons/fill_in.ts";
import { notebookPath } from "../lessons/lesson_files.ts";
import type { Solution } from "../solutions.ts";
import { cellCode, codeBlock } from "./code.ts";
import { minutesText, type NotebookFacts } from "./course_map.ts";
import { type Heading, type MarkdownContext, markdownHtml } from "./markdown.ts";
import { outputsHtml } from "./outputs.ts";
import { rewriteLink, type Site } from "./site.ts";
import type { Term } from "./glossary.ts";

/** What a chapter is made of. */
export interface ChapterParts {
  facts: NotebookFacts;
  solutions: ReadonlyMap<string, Solution>;
  site: Site;
  /** Path of its page in the book. */
  page: string;
  terms: readonly Term[];
  /** Address of the glossary. */
  glossary: string;
}

/** A notebook as the text of a page: its cells with their outputs, hints and solutions folded in. */
export function chapterBody(parts: ChapterParts): { body: string; headings: Heading[] } {
  const { facts, solutions, site, page, terms, glossary } = parts;
  const headings: Heading[] = [], from = notebookPath(facts.lesson);
  const context: MarkdownContext = {
    link: (href) => rewriteLink(site, href, from, page),
    terms,
    glossary,
    linked: new Set(),
    ids: new Set(["text"]),
    onHeading: (heading) => headings.push(heading),
  };
  const place = { site, page, folder: facts.lesson.name, link: context.link };
  const html: string[] = [];
  let open: Exercise | undefined;
  for (const cell of facts.notebook.cells) {
    const source = sourceOf(cell);
    if (cell.cell_type === "markdown") {
      const begins = cell.id?.startsWith("introduction-") ?? false;
      if (begins) html.push(`<section class="exercise">`);
      html.push(markdownHtml(source, context));
      continue;
    }
    const id = exerciseOf(cell, solutions);
    if (id !== undefined) {
      open = facts.exercises.find((exercise) => exercise.id === id);
      html.push(codeBlock(source));
    } else if (isCheck(cell) && open) {
      html.push(codeBlock(source), folded(open, solutions.get(open.id)), "</section>");
      open = undefined;
    } else html.push(codeCell(cell, source), outputsHtml(cell.outputs ?? [], place));
  }
  const [first = "", ...rest] = html;
  return { body: [first, measuredLine(facts), ...rest].join("\n"), headings };
}

function codeCell(cell: Cell, source: string): string {
  if (cell.cell_type === "raw") return codeBlock(source, "text");
  return source.trim() === "" ? "" : cellCode(source);
}

/** Hints and the solution of an exercise, each folded by itself. */
function folded({ hints }: Exercise, solution: Solution | undefined): string {
  return [
    ...hints.map((hint, i) => fold(`Hint ${i + 1} of ${hints.length}`, hintHtml(hint))),
    ...(solution ? [fold("A solution", codeBlock(solution.code))] : []),
  ].join("\n");
}

function fold(summary: string, html: string): string {
  return `<details><summary>${summary}</summary>${html}</details>`;
}

function hintHtml(hint: string): string {
  return `<p>${escapeHtml(hint).replaceAll(/`([^`]+)`/g, "<code>$1</code>")}</p>`;
}

/** What was measured, below what the notebook promises. */
function measuredLine({ lesson, seconds, exercises }: NotebookFacts): string {
  const count = exercises.length === 1 ? "1 exercise" : `${exercises.length} exercises`;
  const computed = seconds === undefined
    ? "its cells were not run yet"
    : `its cells computed for ${minutesText(seconds)} when these pages were made`;
  return `<p class="note">${count}; ${computed}. To work in it: ` +
    `<code>deno task notebooks</code>, then <code>${lesson.name}.ipynb</code>.</p>`;
}
