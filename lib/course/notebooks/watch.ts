import { inRepository } from "../lessons/lesson_files.ts";
import { type Answer, type LearnersNotebook, readLearner } from "./learner.ts";

/** What a save changed. */
export interface Change {
  notebook: LearnersNotebook;
  /** The answers that are not what they were. */
  answers: Answer[];
}

/**
 * Yields what changes in the learner's notebooks, from now on, once they were left alone for a fifth of a second:
 * editors write files in several steps.
 */
export async function* watchNotebooks(
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const watcher = Deno.watchFs(inRepository(folder), { recursive: false });
  signal.addEventListener("abort", () => watcher.close(), { once: true });
  let before = await readLearner(folder);
  for await (const _ of settled(watcher, 200)) {
    const after = await readLearner(folder);
    for (const [i, notebook] of after.entries()) {
      const old = before[i]!;
      if (notebook.text === old.text && notebook.problem === old.problem) continue;
      const answers = notebook.answers.filter((answer, j) => answer.code !== old.answers[j]?.code);
      if (answers.length > 0 || notebook.problem) yield { notebook, answers };
    }
    // A file that cannot be read right now did not lose its answers.
    before = after.map((notebook, i) =>
      notebook.problem ? { ...notebook, answers: before[i]!.answers } : notebook
    );
  }
}

/** Yields after events, when no other followed for that many milliseconds. */
async function* settled(events: AsyncIterable<unknown>, quiet: number): AsyncGenerator<void> {
  const iterator = events[Symbol.asyncIterator]();
  let next = iterator.next();
  while (!(await next).done) {
    next = iterator.next();
    while (await isSoon(next, quiet)) next = iterator.next();
    yield;
  }
}

/** True if another event comes within that time. */
async function isSoon(
  next: Promise<IteratorResult<unknown>>,
  milliseconds: number,
): Promise<boolean> {
  const timer = Promise.withResolvers<false>();
  const timeout = setTimeout(() => timer.resolve(false), milliseconds);
  const soon = await Promise.race([next.then(({ done }) => !done), timer.promise]);
  clearTimeout(timeout);
  return soon;
}
