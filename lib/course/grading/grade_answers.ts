import { checkCode } from "../check_code.ts";
import type { Exercise } from "../exercise.ts";
import { isUntouched } from "../report_text.ts";
import { isPass } from "../run_checks.ts";
import { type Sandbox, SandboxError, TimeLimitError } from "../sandbox/mod.ts";
import type { ExerciseGrade } from "./grades.ts";

/** A grade without what is particular to a notebook. */
export type AnswerGrade = Omit<ExerciseGrade, "notes">;

/** Grades an exercise's cell that was written in. Rejects if this machine, not the code, is at fault. */
export type GradeAnswer = (exercise: Exercise, code: string) => Promise<AnswerGrade>;

/** Grades answers in a sandbox. */
export function answerGrader(sandbox: Pick<Sandbox, "load" | "call">): GradeAnswer {
  return async (exercise, code) => {
    let stopped: ExerciseGrade["stopped"], fault: unknown;
    // Looks at why the sandbox ended the code, which a report only says in words.
    const watched = <T>(running: Promise<T>) =>
      running.catch((error) => {
        if (error instanceof TimeLimitError) stopped = "time";
        if (error instanceof SandboxError) stopped = error.reason;
        if (stopped === "broken") fault = error;
        throw error;
      });
    const started = performance.now();
    const report = await checkCode(exercise, code, {
      load: (...args) => watched(sandbox.load(...args)),
      call: (args) => watched(sandbox.call(args)),
    });
    if (fault) throw fault;
    const failed = report.results.find((result) => !isPass(result));
    const bug = exercise.bugs.find(({ says }) => says === failed?.likely);
    return {
      id: exercise.id,
      outcome: report.passed ? "passed" : isUntouched(report) ? "not attempted" : "failed",
      checksPassed: report.results.filter(isPass).length,
      checks: report.total,
      ...(failed && !isUntouched(report) && {
        verdict: failed.verdict,
        failure: stopped === "code"
          ? `the cell ${failed.message}`
          : `${failed.name}: ${failed.message}`,
      }),
      ...(bug && { mistake: bug.name }),
      ...(stopped && { stopped }),
      seconds: (performance.now() - started) / 1000,
    };
  };
}

/** Grades code once that several learners handed in for an exercise, letter by letter the same. */
export function gradeOnce(
  known: Map<string, Promise<AnswerGrade>>,
  grade: GradeAnswer,
): GradeAnswer {
  return (exercise, code) => {
    const key = `${exercise.id}\n${code}`;
    const graded = known.get(key) ?? grade(exercise, code);
    known.set(key, graded);
    // What this machine is to blame for is tried again when it comes next.
    graded.catch(() => known.delete(key));
    return graded;
  };
}
