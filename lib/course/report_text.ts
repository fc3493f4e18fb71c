import type { CheckResult, Exercise, Report } from "./exercise.ts";
import { isPass } from "./run_checks.ts";

/** A report as lines of text: what passed, what is wrong, what was not run. */
export function reportText(exercise: Exercise, report: Report): string {
  const lines = exercise.checks.map(({ name }, i) => {
    const result = report.results[i];
    return result ? resultLines(result) : `  · ${name}: not run`;
  });
  return [`${exercise.id} ${exercise.title}: ${summaryOf(report)}`, ...lines].join("\n");
}

/** What is going to be checked. */
export function plannedText({ id, title, checks }: Exercise): string {
  return `${id} ${title}: checking ${checks.length} things, until one is wrong`;
}

/** "4 of 4 checks passed", or that nothing was attempted. */
export function summaryOf(report: Report): string {
  if (isUntouched(report)) return "not attempted yet";
  const passed = report.results.filter(isPass).length;
  return `${passed} of ${report.total} ${report.total === 1 ? "check" : "checks"} passed`;
}

/** True when the function still is the stub. */
export function isUntouched(report: Report): boolean {
  return report.results.at(-1)?.verdict === "not attempted";
}

function resultLines({ name, verdict, message, likely }: CheckResult): string {
  if (verdict === "not attempted") return `  · ${name}: not run`;
  const mark = isPass({ verdict }) ? "✓" : "✗";
  return `  ${mark} ${name}: ${message.replaceAll("\n", "\n      ")}` +
    (likely ? `\n    Likely: ${likely}` : "");
}
