/** What a stub throws: the exercise is not written yet. */
export class TodoError extends Error {
  override name = "TodoError";
}

/** Stands where the learner's code goes; throws a sentence that says which exercise this is and how to get help. */
export function todo(id: string): never {
  throw new TodoError(
    `Exercise ${id} is not written yet. Put your code in place of todo("${id}"); ` +
      `await hint("${id}") helps.`,
  );
}
