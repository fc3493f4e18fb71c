import type { Exercise } from "../exercise.ts";
import { buildLesson, lessonPath } from "../lessons/lesson_files.ts";
import { type Lesson, LESSONS } from "../lessons.ts";
import { readSolutions, type Solution } from "../solutions.ts";
import { type CheckCode, type ExerciseProof, proveExercise } from "./prove_exercise.ts";

/** What was found about the whole course. */
export interface CourseProof {
  exercises: ExerciseProof[];
  /** What is wrong with lessons as a whole. */
  problems: string[];
}

/** How many of what there are, as `deno task solutions --json` prints it. */
export interface Counts {
  exercises: number;
  stubs_failing: number;
  solutions_passing: number;
  bugs_planted: number;
  bugs_caught: number;
  /** Bugs whose maker is told the right thing. */
  bugs_named: number;
  checks: number;
  problems: string[];
}

/** Proves every exercise of the lessons, and that exercises, solutions and lessons belong together. */
export async function proveCourse(
  checkCode: CheckCode,
  { lessons = LESSONS, onExercise }: {
    lessons?: readonly Lesson[];
    onExercise?: (proof: ExerciseProof) => void;
  } = {},
): Promise<CourseProof> {
  const proof: CourseProof = { exercises: [], problems: [] };
  const seen = new Set<string>();
  for (const lesson of lessons) {
    const exercises = await lesson.exercises();
    const solutions = await solutionsOf(lesson, proof.problems);
    proof.problems.push(...problemsOfLesson(lesson, exercises, solutions, seen));
    await buildLesson(lesson).catch((error) =>
      proof.problems.push(sentence(error, lessonPath(lesson)))
    );
    for (const exercise of exercises) {
      const found = await proveExercise(exercise, solutions.get(exercise.id), checkCode);
      proof.exercises.push(found);
      onExercise?.(found);
    }
  }
  return proof;
}

/** The counts of a proof. */
export function countsOf({ exercises, problems }: CourseProof): Counts {
  const bugs = exercises.flatMap((exercise) => exercise.bugs);
  return {
    exercises: exercises.length,
    stubs_failing: exercises.filter(({ stubFails }) => stubFails).length,
    solutions_passing: exercises.filter(({ solutionPasses }) => solutionPasses).length,
    bugs_planted: bugs.length,
    bugs_caught: bugs.filter(({ caught }) => caught).length,
    bugs_named: bugs.filter(({ named }) => named).length,
    checks: exercises.reduce((sum, { checks }) => sum + checks, 0),
    problems: [
      ...problems,
      ...exercises.flatMap(({ id, problems }) => problems.map((problem) => `${id}: ${problem}`)),
    ],
  };
}

async function solutionsOf(lesson: Lesson, problems: string[]): Promise<Map<string, Solution>> {
  try {
    return await readSolutions(lesson);
  } catch (error) {
    problems.push(sentence(error, `solutions/${lesson.name}.ts`));
    return new Map();
  }
}

function* problemsOfLesson(
  { name, number }: Lesson,
  exercises: readonly Exercise[],
  solutions: ReadonlyMap<string, Solution>,
  seen: Set<string>,
): Generator<string> {
  if (exercises.length === 0) yield `${name} has no exercises`;
  for (const { id } of exercises) {
    if (seen.has(id)) yield `the id ${id} is used twice`;
    seen.add(id);
    if (!new RegExp(`^${number}\\.\\d+$`).test(id)) {
      yield `${name} has an exercise with the id ${id}`;
    }
  }
  const extra = [...solutions.keys()].find((id) =>
    !exercises.some((exercise) => exercise.id === id)
  );
  if (extra) yield `solutions/${name}.ts has exercise ${extra}, which ${name} has not`;
}

function sentence(error: unknown, path: string): string {
  return error instanceof Deno.errors.NotFound ? `${path} is missing` : (error as Error).message;
}
