import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { formatNotebook, type Notebook, parseNotebook } from "../../jupyter/notebook_format.ts";
import type { Lesson } from "../lessons.ts";
import { readSolutions } from "../solutions.ts";
import { buildNotebook } from "./build_notebook.ts";
import { parseLesson } from "./parse_lesson.ts";

/** The repository. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Folder of the notebooks. */
export const NOTEBOOKS = "notebooks";

/** The file of a lesson's text, from the repository. */
export function lessonPath({ name }: Pick<Lesson, "name">): string {
  return `lessons/${name}.md`;
}

/** The file of a lesson's notebook, from the repository. */
export function notebookPath({ name }: Pick<Lesson, "name">): string {
  return `${NOTEBOOKS}/${name}.ipynb`;
}

/** A path from the repository as a path from anywhere; others stay as they are. */
export function inRepository(path: string): string {
  return resolve(ROOT, path);
}

/** Builds the notebook of a lesson from its files, without outputs. */
export async function buildLesson(lesson: Lesson): Promise<Notebook> {
  const path = lessonPath(lesson);
  const blocks = parseLesson(await Deno.readTextFile(inRepository(path)), path);
  const [exercises, solutions] = await Promise.all([lesson.exercises(), readSolutions(lesson)]);
  return buildNotebook({ blocks, exercises, solutions, path });
}

/** A lesson's notebook as it lies there, or undefined if it was not built yet. */
export async function readNotebook(lesson: Lesson): Promise<Notebook | undefined> {
  const path = notebookPath(lesson);
  try {
    return parseNotebook(await Deno.readTextFile(inRepository(path)), path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes a lesson's notebook: the whole file or nothing. */
export async function writeNotebook(lesson: Lesson, notebook: Notebook): Promise<void> {
  const path = inRepository(notebookPath(lesson));
  await Deno.mkdir(inRepository(NOTEBOOKS), { recursive: true });
  await writeWhole(path, formatNotebook(notebook));
}

/** Replaces a file's text under a temporary name, so that nobody ever sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.writing`;
  try {
    await Deno.writeTextFile(temporary, text);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
