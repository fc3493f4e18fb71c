import { inRepository, lessonPath, writeWhole } from "./lesson_files.ts";

/** Makes the files that a new lesson begins with; throws an Error if one of them is there already. */
export async function newLesson(name: string | undefined): Promise<void> {
  const [, number, words] = /^(\d\d)_([a-z0-9_]+)$/.exec(name ?? "") ?? [];
  if (!name || number === undefined) {
    throw new RangeError(`Name the lesson with two digits and words: deno task lesson new 04_text`);
  }
  const id = `${Number(number)}.1`, list = words!.toUpperCase();
  const files: Record<string, string> = {
    [lessonPath({ name })]: lessonText(words!, id),
    [`solutions/${name}.ts`]: SOLUTION.replaceAll("1.1", id),
    [`lib/course/exercises/${name}/mod.ts`]: listText(number, list),
    [`lib/course/exercises/${name}/double.ts`]: EXERCISE.replaceAll("1.1", id),
  };
  for (const path of Object.keys(files)) {
    if (await Deno.lstat(inRepository(path)).then(() => true, () => false)) {
      throw new Error(`${path} is there already`);
    }
  }
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(inRepository(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
    await writeWhole(inRepository(path), text);
    console.log(path);
  }
  console.log(
    `\nNow add it to LESSONS in lib/course/lessons.ts and to lib/course/exercises/mod.ts, then:\n` +
      `  deno task lesson build ${number}\n  deno task solutions ${number}`,
  );
}

function lessonText(words: string, id: string): string {
  return `# ${words.replaceAll("_", " ")}

By the end you will have shown that …

\`\`\`ts
import * as tf from "@tensorflow/tfjs-core";
import { check, hint, quick, todo, yours } from "@course/course/mod.ts";
\`\`\`

<!-- exercise ${id} -->

\`\`\`ts
tf.sum(tf.range(0, quick(1000, 10))).dataSync()[0];
\`\`\`
`;
}

function listText(number: string, list: string): string {
  return `import type { Exercise } from "../../exercise.ts";
import { doubleExercise } from "./double.ts";

/** The exercises of notebook ${number}. */
export const ${list}: readonly Exercise[] = [doubleExercise];
`;
}

const SOLUTION = `import * as tf from "@tensorflow/tfjs-core";

// exercise 1.1
/**
 * Twice the numbers.
 *
 *     y = 2 · x
 *
 * x is [B]. Returns y, shaped like x.
 */
export function double(x: tf.Tensor): tf.Tensor {
  return tf.mul(2, x);
}
`;

const EXERCISE = `import * as tf from "@tensorflow/tfjs-core";
import { float32 } from "../../../tensors.ts";
import type { Exercise } from "../../exercise.ts";

/** Exercise 1.1. */
export const doubleExercise: Exercise = {
  id: "1.1",
  name: "double",
  title: "Twice as much",
  difficulty: 1,
  importance: 1,
  minutes: 2,
  hints: ["What must a number be multiplied by?", "\`tf.mul\` multiplies."],
  checks: [
    {
      name: "three numbers, calculated by hand",
      args: [float32([3], [1, 2, -3])],
      expected: () => float32([3], [2, 4, -6]),
    },
    {
      name: "no numbers",
      args: [float32([0])],
      expected: () => float32([0]),
    },
  ],
  bugs: [
    {
      name: "squared",
      says: "This is the square. Twice is meant.",
      wrong: (x: tf.Tensor) => tf.square(x),
    },
    {
      name: "half",
      says: "This is half as much.",
      wrong: (x: tf.Tensor) => tf.div(x, 2),
    },
  ],
};
`;
