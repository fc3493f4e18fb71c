import * as tf from "@tensorflow/tfjs-core";
import { type Cell, formatNotebook, type Notebook } from "../../../lib/jupyter/notebook_format.ts";
import type { Exercise } from "../../../lib/course/exercise.ts";
import type {
  Assignment,
  ExerciseGrade,
  SubmissionGrade,
} from "../../../lib/course/grading/grades.ts";
import { float32 } from "../../../lib/tensors.ts";

const common = { difficulty: 1, importance: 1, minutes: 1, hints: [] } as const;

/** x + 1, and a planted x − 1. */
const increment: Exercise = {
  ...common,
  id: "9.1",
  name: "increment",
  title: "One more",
  checks: [
    { name: "of a number", args: [3], expected: () => 4 },
    { name: "of a tensor", args: [float32([2], [1, 2])], expected: () => float32([2], [2, 3]) },
  ],
  bugs: [{
    name: "one less",
    says: "The sign looks flipped.",
    wrong: (x: number | tf.Tensor) => typeof x === "number" ? x - 1 : tf.sub(x, 1),
  }],
};

const twice: Exercise = {
  ...common,
  id: "9.2",
  name: "twice",
  title: "Twice",
  checks: [{ name: "of three", args: [3], expected: () => 6 }],
  bugs: [{ name: "squared", says: "That is the square.", wrong: (x: number) => x * x }],
};

/** A lesson of two exercises. */
export const FIXTURE: Assignment = {
  name: "09_numbers",
  exercises: [increment, twice],
  stubs: new Map([
    ["9.1", `function increment(x) {\n  return todo("9.1");\n}`],
    ["9.2", `function twice(x) {\n  return todo("9.2");\n}`],
  ]),
};

/** Right answers, by exercise. */
export const RIGHT = {
  "9.1":
    `function increment(x: number | tf.Tensor) {\n  return typeof x === "number" ? x + 1 : tf.add(x, 1);\n}`,
  "9.2": `const twice = (x: number): number => 2 * x;`,
};

/** The lesson's notebook with these answers; what is left out stays a stub. */
export function fixtureNotebook(answers: Readonly<Record<string, string>> = {}): Notebook {
  const code = (source: string, tags: string[] = []): Cell => ({
    cell_type: "code",
    metadata: { tags },
    source,
    outputs: [],
    execution_count: null,
  });
  return {
    cells: [
      { cell_type: "markdown", metadata: {}, source: "# Numbers" },
      code(`import * as tf from "@tensorflow/tfjs-core";`),
      ...[...FIXTURE.stubs].flatMap(([id, stub]) => [
        code(answers[id] ?? stub, [id]),
        code(`await check("${id}", f);`),
      ]),
    ],
    metadata: { kernelspec: { name: "deno-course", language: "typescript", display_name: "Deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** The same as a file's text. */
export function fixtureText(answers: Readonly<Record<string, string>> = {}): string {
  return formatNotebook(fixtureNotebook(answers));
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A folder for the time of a test, with these files. */
export async function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "grading " });
  try {
    for (const [path, content] of Object.entries(files)) {
      const whole = `${folder}/${path}`;
      await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(whole, typeof content === "string" ? bytesOf(content) : content);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A grade of the fixture's lesson. */
export function gradeOf(
  learner: string,
  exercises: readonly Partial<ExerciseGrade>[],
  more: Partial<SubmissionGrade> = {},
): SubmissionGrade {
  const whole = exercises.map((exercise, i): ExerciseGrade => ({
    id: `9.${i + 1}`,
    outcome: "passed",
    checksPassed: 1,
    checks: 1,
    notes: [],
    seconds: 0.5,
    ...exercise,
  }));
  return {
    learner,
    notebooks: [{ lesson: FIXTURE.name, file: "a.ipynb", notes: [], exercises: whole }],
    problems: [],
    passed: whole.filter(({ outcome }) => outcome === "passed").length,
    total: whole.length,
    seconds: 1,
    ...more,
  };
}
