import { callInProcess } from "../call_in_process.ts";
import type { Exercise, Report } from "../exercise.ts";
import { isUntouched } from "../report_text.ts";
import { isPass, runChecks } from "../run_checks.ts";
import { signatureOf, type Solution } from "../solutions.ts";

/** What was found about one exercise. */
export interface ExerciseProof {
  id: string;
  title: string;
  stubFails: boolean;
  solutionPasses: boolean;
  bugs: BugProof[];
  checks: number;
  /** Sentences; none if everything is as it should be. */
  problems: string[];
}

/** What became of a planted bug. */
export interface BugProof {
  name: string;
  /** It does not pass the checks. */
  caught: boolean;
  /** Whoever makes this mistake is told so, and not something else. */
  named: boolean;
}

/** Checks an exercise's cell that is given as text, where nothing but tf and the function itself is in reach. */
export type CheckCode = (exercise: Exercise, code: string) => Promise<Report>;

/**
 * Proves that an exercise works: the stub fails, the solution passes, every planted bug fails and is named, and
 * there is enough to learn from.
 */
export async function proveExercise(
  exercise: Exercise,
  solution: Solution | undefined,
  checkCode: CheckCode,
): Promise<ExerciseProof> {
  const { id, title, bugs, checks } = exercise;
  const problems = [...problemsOfForm(exercise, solution)];
  const stub = solution && await checkCode(exercise, solution.stub);
  if (stub && !isUntouched(stub)) {
    problems.push(`the stub is not "not attempted": ${failureOf(stub)}`);
  }
  const solved = solution && await checkCode(exercise, solution.code);
  if (solved && !solved.passed) problems.push(`the solution fails: ${failureOf(solved)}`);
  const proofs: BugProof[] = [];
  for (const bug of bugs) {
    const report = await runChecks(exercise, callInProcess(bug.wrong));
    const likely = report.results.at(-1)?.likely;
    proofs.push({ name: bug.name, caught: !report.passed, named: likely === bug.says });
    if (report.passed) problems.push(`the bug "${bug.name}" passes all checks`);
    else if (likely !== bug.says) {
      const told = likely ? `"${likely}"` : "nothing about the mistake";
      problems.push(`who makes the bug "${bug.name}" is told ${told}`);
    }
  }
  return {
    id,
    title,
    stubFails: stub !== undefined && !stub.passed,
    solutionPasses: solved?.passed ?? false,
    bugs: proofs,
    checks: checks.length,
    problems,
  };
}

function* problemsOfForm(
  { name, hints, bugs, checks, minutes }: Exercise,
  solution: Solution | undefined,
): Generator<string> {
  if (!solution) yield "it has no solution";
  else {
    if (solution.name !== name) yield `its solution is called ${solution.name}, expected ${name}`;
    if (signatureOf(solution.stub) !== signatureOf(solution.code)) {
      yield "its stub and its solution have different signatures";
    }
    const lines = solution.code.split("\n").map((line) => line.trim()).filter((line) =>
      line.length > 12
    );
    const given = solution.stub.split("\n").map((line) => line.trim());
    const answer = lines.filter((line) => !given.includes(line));
    if (
      answer.length > 0 && answer.every((line) => hints.at(-1)?.includes(line.replace(/;$/, "")))
    ) {
      yield "its last hint is the solution";
    }
  }
  if (hints.length < 2) yield `it has ${hints.length} hints, expected at least 2`;
  if (bugs.length < 2) yield `it has ${bugs.length} planted bugs, expected at least 2`;
  if (checks.length < 2) yield `it has ${checks.length} checks, expected at least 2`;
  if (!(minutes > 0)) yield `it takes ${minutes} minutes`;
  for (
    const [what, texts] of Object.entries({
      hints,
      "names of checks": checks.map((check) => check.name),
      "words about bugs": bugs.map(({ says }) => says),
      "names of bugs": bugs.map((bug) => bug.name),
    })
  ) {
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    if (twice) yield `two of its ${what} are the same: "${twice}"`;
  }
}

function failureOf({ results }: Report): string {
  const failed = results.find((result) => !isPass(result));
  return failed ? `${failed.name}: ${failed.message}` : "it passes";
}
