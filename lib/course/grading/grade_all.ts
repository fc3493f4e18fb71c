import { openSandbox, type SandboxOptions } from "../sandbox/mod.ts";
import type { Submission } from "./find_submissions.ts";
import { type AnswerGrade, answerGrader, gradeOnce } from "./grade_answers.ts";
import { gradeSubmission } from "./grade_submission.ts";
import type { Assignment, SubmissionGrade } from "./grades.ts";
import { type Files, readFiles } from "./read_files.ts";
import type { Store } from "./store.ts";

/** How a class is graded. */
export interface GradeOptions {
  assignments: readonly Assignment[];
  /** Where grades are kept; those that are there already are taken. */
  store: Store;
  /** Submissions at the same time; one for each processor core by default. */
  jobs?: number;
  limits?: SandboxOptions;
  /** Called when a submission is graded; `known` if it was before. */
  onGrade?: (grade: SubmissionGrade, known: boolean) => void;
  /** Ends the run: what is under way is not kept. */
  signal?: AbortSignal;
}

/** Grades all submissions, several at a time; returns their grades in the order of the submissions. */
export async function gradeAll(
  submissions: readonly Submission[],
  options: GradeOptions,
): Promise<SubmissionGrade[]> {
  const { assignments, store, jobs = navigator.hardwareConcurrency, limits, signal } = options;
  const grades: SubmissionGrade[] = [];
  const same = new Map<string, Promise<AnswerGrade>>();
  let next = 0;

  async function work(): Promise<void> {
    // Opened for the first submission that needs it.
    let sandbox: Awaited<ReturnType<typeof openSandbox>> | undefined;
    try {
      while (next < submissions.length) {
        signal?.throwIfAborted();
        const index = next++, submission = submissions[index]!;
        const files = await readWhatThereIs(submission);
        const known = await store.read(submission.learner, files);
        sandbox ??= known ? undefined : await openSandbox({ spare: false, ...limits });
        const grade = known ?? await gradeSubmission(
          submission.learner,
          files,
          assignments,
          gradeOnce(same, answerGrader(sandbox!)),
        );
        signal?.throwIfAborted();
        if (!known) await store.write(submission.learner, files, grade);
        grades[index] = grade;
        options.onGrade?.(grade, known !== undefined);
      }
    } catch (error) {
      // The others finish what they are at, and it is kept.
      next = submissions.length;
      throw error;
    } finally {
      await sandbox?.close();
    }
  }

  const workers = Array.from({ length: Math.min(jobs, submissions.length) }, work);
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return grades;
}

async function readWhatThereIs(submission: Submission): Promise<Files> {
  try {
    return await readFiles(submission);
  } catch (error) {
    return { notebooks: [], problems: [`Cannot be read: ${(error as Error).message}`] };
  }
}
