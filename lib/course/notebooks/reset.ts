import { inRepository, writeWhole } from "../lessons/lesson_files.ts";
import { readSolutions } from "../solutions.ts";
import type { Answer, LearnersNotebook } from "./learner.ts";
import { replaceSource } from "./replace_source.ts";

/** An answer that was taken out of a notebook. */
export interface Removed {
  id: string;
  code: string;
}

/**
 * Puts the stubs of some exercises back into a learner's notebook, and nothing else: every other byte of the file
 * stays. Returns what stood there. Throws an Error that says what to do if a cell cannot be found.
 */
export async function resetAnswers(
  { path, text, lesson, problem }: LearnersNotebook,
  answers: readonly Answer[],
): Promise<Removed[]> {
  if (problem) throw new Error(`${problem}. To start over: deno task lesson build ${lesson.name}`);
  const solutions = await readSolutions(lesson);
  const removed: Removed[] = [];
  let changed = text;
  for (const { exercise: { id }, index, code = "", untouched } of answers) {
    const { stub } = solutions.get(id)!;
    if (index === undefined) {
      throw new Error(
        `${path} has no cell for exercise ${id}. Make a code cell with this content:\n\n${stub}`,
      );
    }
    if (untouched) continue;
    changed = replaceSource(changed, index, stub);
    removed.push({ id, code });
  }
  if (removed.length > 0) await writeWhole(inRepository(path), changed);
  return removed;
}
