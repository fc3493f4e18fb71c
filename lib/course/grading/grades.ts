import type { CheckResult, Exercise } from "../exercise.ts";
import type { Lesson } from "../lessons.ts";
import type { Reason } from "../sandbox/mod.ts";
import { readSolutions } from "../solutions.ts";

/** A lesson that learners hand in, with what is needed to grade it. */
export interface Assignment {
  /** The notebook's file name, without its ending. */
  name: string;
  exercises: readonly Exercise[];
  /** By exercise: the cell as learners got it. */
  stubs: ReadonlyMap<string, string>;
}

/** What a learner handed in, graded. */
export interface SubmissionGrade {
  learner: string;
  notebooks: NotebookGrade[];
  /** What is wrong with the submission as a whole, in sentences. */
  problems: string[];
  /** Exercises that passed, and all. */
  passed: number;
  total: number;
  /** Time that the learner's code took, with the checks. */
  seconds: number;
}

/** A learner's notebook of one lesson. */
export interface NotebookGrade {
  lesson: string;
  /** The file that was graded; none if nothing could be. */
  file?: string;
  /** Why nothing in it could be graded, in a sentence. */
  problem?: string;
  /** What is unusual about it, in sentences. */
  notes: string[];
  exercises: ExerciseGrade[];
}

/** "missing": there is no cell with the exercise; "not attempted": it holds the stub. */
export type Outcome = "passed" | "failed" | "not attempted" | "missing";

/** A learner's answer to an exercise. */
export interface ExerciseGrade {
  id: string;
  outcome: Outcome;
  /** Checks that passed, and how many there are. */
  checksPassed: number;
  checks: number;
  /** The first failure, in words. */
  failure?: string;
  verdict?: CheckResult["verdict"];
  /** Name of the planted bug that the answer behaves like. */
  mistake?: string;
  /** In which way the code did what it may not do. */
  stopped?: Reason | "time";
  /** What is unusual about the cell, in sentences. */
  notes: string[];
  seconds: number;
}

/** Reads what is needed to grade a lesson. */
export async function loadAssignment(lesson: Lesson): Promise<Assignment> {
  const [exercises, solutions] = await Promise.all([lesson.exercises(), readSolutions(lesson)]);
  const stubs = new Map([...solutions].map(([id, { stub }]) => [id, stub]));
  return { name: lesson.name, exercises, stubs };
}

/** The grade of a submission from those of its notebooks. */
export function sumUp(
  learner: string,
  notebooks: NotebookGrade[],
  problems: string[],
): SubmissionGrade {
  const exercises = notebooks.flatMap((notebook) => notebook.exercises);
  return {
    learner,
    notebooks,
    problems,
    passed: exercises.filter(({ outcome }) => outcome === "passed").length,
    total: exercises.length,
    seconds: exercises.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
