import { type Notebook, sourceOf } from "../../jupyter/mod.ts";
import type { Exercise } from "../exercise.ts";
import { type Lesson, LESSONS } from "../lessons.ts";
import { readNotebook } from "../lessons/lesson_files.ts";

/** What a notebook says of itself, and what was measured when it ran. */
export interface NotebookFacts {
  lesson: Lesson;
  notebook: Notebook;
  exercises: readonly Exercise[];
  /** "01" */
  number: string;
  /** "Flow matching" */
  title: string;
  /** What you will have shown by the end, as Markdown, without that beginning. */
  claim: string;
  /** "about 90 minutes to read and solve"; empty where it does not say. */
  reading: string;
  /** How long its cells computed when it was stored; undefined if it was not run yet. */
  seconds: number | undefined;
}

/** The notebooks of the course in order; a lesson whose notebook was not built yet is left out. */
export async function readCourseMap(
  lessons: readonly Lesson[] = LESSONS,
): Promise<NotebookFacts[]> {
  const read = await Promise.all(lessons.map(async (lesson) => {
    const notebook = await readNotebook(lesson);
    return notebook ? [factsOf(lesson, notebook, await lesson.exercises())] : [];
  }));
  return read.flat();
}

/** What a notebook's first cell states, beside what its run measured. */
export function factsOf(
  lesson: Lesson,
  notebook: Notebook,
  exercises: readonly Exercise[],
): NotebookFacts {
  const first = notebook.cells[0] ? sourceOf(notebook.cells[0]) : "";
  const paragraphs = first.split(/\n{2,}/).map((paragraph) =>
    paragraph.replaceAll(/\s*\n\s*/g, " ")
  );
  const [, title] = /^# (?:\d+ · )?(.+)$/m.exec(first) ?? [];
  const claim = paragraphs.find((paragraph) => paragraph.startsWith("**By the end you will have"));
  const [, reading] = /\*\*Time\*\*: (.+?)(?:, of which|;|\. |\.$|$)/m.exec(
    paragraphs.find((paragraph) => paragraph.includes("**Time**")) ?? "",
  ) ?? [];
  const seconds = notebook.metadata["course"]?.seconds;
  return {
    lesson,
    notebook,
    exercises,
    number: String(lesson.number).padStart(2, "0"),
    title: title ?? lesson.name,
    claim: (claim ?? "").replace(/^\*\*[^*]+\*\*,?\s*/, ""),
    reading: reading ?? "",
    seconds: typeof seconds === "number" ? seconds : undefined,
  };
}

/** "6 minutes", for a time that was measured in seconds. */
export function minutesText(seconds: number | undefined): string {
  if (seconds === undefined) return "not measured yet";
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? "less than a minute" : minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
