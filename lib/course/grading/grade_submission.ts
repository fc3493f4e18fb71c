import { chooseNotebooks, type Chosen, isStub } from "./choose_notebooks.ts";
import type { GradeAnswer } from "./grade_answers.ts";
import {
  type Assignment,
  type ExerciseGrade,
  type NotebookGrade,
  type SubmissionGrade,
  sumUp,
} from "./grades.ts";
import type { Files } from "./read_files.ts";

/** Grades what a learner handed in. */
export async function gradeSubmission(
  learner: string,
  files: Files,
  assignments: readonly Assignment[],
  gradeAnswer: GradeAnswer,
): Promise<SubmissionGrade> {
  const notebooks: NotebookGrade[] = [];
  for (const chosen of chooseNotebooks(files.notebooks, assignments)) {
    notebooks.push(await gradeNotebook(chosen, gradeAnswer));
  }
  if (files.notebooks.length > 0) return printable(sumUp(learner, notebooks, files.problems));
  // One sentence says it all, instead of one for each lesson.
  for (const notebook of notebooks) delete notebook.problem;
  const problems = files.problems.length > 0 ? files.problems : ["There is no notebook in it"];
  return printable(sumUp(learner, notebooks, problems));
}

/** The same record with texts that can be shown anywhere: learners choose names of files and what errors say. */
function printable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    typeof item === "string"
      // Control characters move a terminal's cursor, marks of direction turn text around.
      ? item.replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, "�").slice(0, 1000)
      : item);
}

async function gradeNotebook(chosen: Chosen, gradeAnswer: GradeAnswer): Promise<NotebookGrade> {
  const { assignment, file, problem, notes } = chosen;
  const exercises: ExerciseGrade[] = [];
  for (const exercise of assignment.exercises) {
    const { id, checks } = exercise;
    const cell = chosen.cells.find((cell) => cell.exercise.id === id);
    const none = { id, checksPassed: 0, checks: checks.length, seconds: 0 };
    if (cell?.code === undefined) {
      exercises.push({ ...none, outcome: "missing", notes: cell?.notes ?? [] });
    } else if (isStub(cell.code, assignment.stubs.get(id))) {
      exercises.push({ ...none, outcome: "not attempted", notes: cell.notes });
    } else {
      exercises.push({ ...await gradeAnswer(exercise, cell.code), notes: cell.notes });
    }
  }
  return {
    lesson: assignment.name,
    ...(file !== undefined && { file }),
    ...(problem && { problem }),
    notes,
    exercises,
  };
}
