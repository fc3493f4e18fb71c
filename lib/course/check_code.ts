import type { Exercise, Report } from "./exercise.ts";
import { CHECK_TIME, runChecks, type RunChecksOptions } from "./run_checks.ts";
import type { Sandbox } from "./sandbox/mod.ts";

/** Checks the function in an exercise's cell (TypeScript) in a sandbox; code that does not run fails the first check. */
export async function checkCode(
  exercise: Exercise,
  code: string,
  sandbox: Pick<Sandbox, "load" | "call">,
  options: RunChecksOptions = {},
): Promise<Report> {
  const broken = await sandbox.load(code, exercise.name).then(
    () => undefined,
    (error) => ({ error }),
  );
  const call = broken ? () => Promise.reject(broken.error) : sandbox.call;
  // The sandbox ends what takes too long; this limit is for a sandbox that does not answer.
  return runChecks(exercise, call, { timeLimit: 2 * CHECK_TIME, ...options });
}
