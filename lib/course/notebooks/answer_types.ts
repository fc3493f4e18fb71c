import { checkTypes } from "./check_types.ts";
import type { Answer } from "./learner.ts";

/** What each cell of an exercise can use. */
const IN_SCOPE = `import * as tf from "@tensorflow/tfjs-core";
import { check, hint, quick, todo, yours } from "@course/course/mod.ts";
void [tf, check, hint, quick, todo, yours];`;

/**
 * Checks the types of a learner's answers, each by itself; returns what is wrong, in words. That an element of an
 * array might not be there is not held against learners: `x.shape[0]` is what everybody writes.
 */
export async function checkAnswerTypes(
  path: string,
  answers: readonly Answer[],
): Promise<string[]> {
  const errors = await checkTypes(answers.map(({ exercise, code = "" }) => ({
    path: `${path}, exercise ${exercise.id}`,
    cells: [
      ...(code.includes("@tensorflow/tfjs-core") ? [] : [{ source: IN_SCOPE }]),
      { source: code },
    ].map((cell) => ({ cell_type: "code" as const, metadata: {}, ...cell })),
  })));
  return errors.filter(({ message }) => !/\bundefined\b/.test(message))
    .map(({ place, message }) => `${place.replace(/, cell \d+/, "")}: ${message}`);
}
