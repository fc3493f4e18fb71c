import { parseNotebook } from "../../jupyter/notebook_format.ts";
import { checkCode } from "../check_code.ts";
import type { Exercise, Report } from "../exercise.ts";
import { inRepository, NOTEBOOKS } from "../lessons/lesson_files.ts";
import { type Lesson, LESSONS } from "../lessons.ts";
import { isUntouched } from "../report_text.ts";
import type { Sandbox } from "../sandbox/mod.ts";
import { readSolutions } from "../solutions.ts";
import { findCells, type FoundCell } from "./find_cells.ts";

/** A learner's notebook: what is in its exercise cells, or why it cannot be read. */
export interface LearnersNotebook {
  lesson: Lesson;
  /** From the repository, or from the root of the disk. */
  path: string;
  /** The file as it is; empty if there is none. */
  text: string;
  /** One for each exercise of the lesson, in order. */
  answers: Answer[];
  /** Why the file cannot be read, in a sentence. */
  problem?: string;
}

/** A learner's answer to an exercise, as text. */
export interface Answer extends FoundCell {
  /** True if there is no code, or still the stub. */
  untouched: boolean;
}

/** An answer and what its checks found; without a report if there was nothing to check. */
export interface CheckedAnswer extends Answer {
  report?: Report;
}

/** How far an exercise is. */
export type Stage = "passed" | "failed" | "pending";

/** Reads the notebooks that the learner works in; nothing else is known about the learner. */
export function readLearner(
  folder = NOTEBOOKS,
  lessons: readonly Lesson[] = LESSONS,
): Promise<LearnersNotebook[]> {
  return Promise.all(lessons.map((lesson) => readLearnersNotebook(folder, lesson)));
}

/** Reads one notebook; a file that cannot be read becomes a problem, not an error. */
async function readLearnersNotebook(folder: string, lesson: Lesson): Promise<LearnersNotebook> {
  const path = `${folder}/${lesson.name}.ipynb`, exercises = await lesson.exercises();
  const nothing = exercises.map((exercise) => ({ exercise, notes: [], untouched: true }));
  let text = "";
  try {
    text = await Deno.readTextFile(inRepository(path));
    const found = findCells(parseNotebook(text, path), exercises);
    const solutions = await readSolutions(lesson);
    const answers = found.map((cell): Answer => {
      const stub = solutions.get(cell.exercise.id)?.stub;
      return { ...cell, untouched: !cell.code || cell.code.trim() === stub?.trim() };
    });
    return { lesson, path, text, answers };
  } catch (error) {
    const problem = error instanceof Deno.errors.NotFound
      ? `${path} is missing`
      : (error as Error).message;
    return { lesson, path, text, answers: nothing, problem };
  }
}

/** Checks an answer in a sandbox; what is untouched is not run. */
export async function checkAnswer(
  answer: Answer,
  sandbox: Pick<Sandbox, "load" | "call">,
): Promise<CheckedAnswer> {
  if (answer.untouched || answer.code === undefined) return answer;
  return { ...answer, report: await checkCode(answer.exercise, answer.code, sandbox) };
}

/** How far an answer is. */
export function stageOf({ report }: CheckedAnswer): Stage {
  if (!report || isUntouched(report)) return "pending";
  return report.passed ? "passed" : "failed";
}

/** The first exercise that is not done, in the course's order. */
export function firstOpen(answers: readonly CheckedAnswer[]): Exercise | undefined {
  return answers.find((answer) => stageOf(answer) !== "passed")?.exercise;
}
