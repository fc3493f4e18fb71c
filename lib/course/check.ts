import { liveDisplay } from "../display/mod.ts";
import { callInProcess } from "./call_in_process.ts";
import { drawReport } from "./draw_result.ts";
import type { Exercise, Report } from "./exercise.ts";
import { findExercise, nextExercise } from "./lessons.ts";
import { plannedHtml, reportHtml } from "./report_html.ts";
import { isUntouched, plannedText, reportText, summaryOf } from "./report_text.ts";
import { CHECK_TIME, runChecks } from "./run_checks.ts";
import { solutionOf } from "./solutions.ts";

/** A function as learners write it. */
// deno-lint-ignore no-explicit-any
export type LearnersFunction = (...args: any[]) => unknown;

/**
 * Checks the learner's function for an exercise: says what it checks, then shows what came out. In a notebook
 * that is a card below the cell, elsewhere text. Each check may take ten seconds.
 */
export async function check(id: string, fn: LearnersFunction): Promise<void> {
  const exercise = await findExercise(id);
  expectFunction(exercise, fn);
  const place = liveDisplay();
  await place.update({
    alt: `Exercise ${id} is being checked.`,
    html: plannedHtml(exercise),
    text: plannedText(exercise),
  });
  const report = await runChecks(exercise, callInProcess(fn, { timeLimit: CHECK_TIME }));
  const advice = await adviceOn(exercise, report);
  const solution = report.passed ? await solutionOf(id) : undefined;
  const picture = await drawReport(report);
  await place.update({
    alt: `Exercise ${id}: ${summaryOf(report)}.`,
    html: reportHtml(exercise, report, { advice, ...(solution && { solution }) }),
    text: `${reportText(exercise, report)}\n${advice}`,
  }, ...(picture ? [picture] : []));
  await place.finish();
}

async function adviceOn(exercise: Exercise, report: Report): Promise<string> {
  if (report.passed) {
    const next = await nextExercise(exercise.id);
    return next ? `Next: exercise ${next.id}, ${next.title}.` : "That was the last exercise.";
  }
  return isUntouched(report)
    ? `Write \`${exercise.name}\` in the cell above, run it, then run this one again. ` +
      `\`await hint("${exercise.id}")\` helps.`
    : `\`await hint("${exercise.id}")\` gives a hint, one more each time.`;
}

function expectFunction(exercise: Exercise, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new TypeError(
    `check("${exercise.id}", …) was given ${
      fn === null ? "null" : `a value of type ${typeof fn}`
    }: ` +
      `hand it the function itself, as in await check("${exercise.id}", ${exercise.name})`,
  );
}
