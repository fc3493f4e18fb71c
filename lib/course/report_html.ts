import { cardHtml, foldedCode, paragraph } from "./card.ts";
import type { CheckResult, Exercise, Report } from "./exercise.ts";
import { escapeHtml } from "./highlight.ts";
import { isUntouched, summaryOf } from "./report_text.ts";
import { isPass } from "./run_checks.ts";

/** What a report's card shows beside the report. */
export interface ReportExtras {
  /** The reference solution, once all checks passed. */
  solution?: string;
  /** What to do next. */
  advice?: string;
}

/** What is going to be checked, as a card. */
export function plannedHtml(exercise: Exercise): string {
  const rows = exercise.checks.map(({ name }) => row("·", "#6b7078", name, ""));
  return cardHtml(`${titleOf(exercise)}: checking …`, rows.join(""), "waiting");
}

/** A report as a card. */
export function reportHtml(exercise: Exercise, report: Report, extras: ReportExtras = {}): string {
  const rows = exercise.checks.map(({ name }, i) => {
    const result = report.results[i];
    return result && result.verdict !== "not attempted"
      ? resultRow(result)
      : row("·", "#6b7078", name, "not run");
  });
  const { solution, advice } = extras;
  const body = rows.join("") + (advice ? paragraph(advice) : "") +
    (solution ? foldedCode("The reference solution, to compare", solution) : "");
  const mood = report.passed ? "right" : isUntouched(report) ? "waiting" : "wrong";
  return cardHtml(`${titleOf(exercise)}: ${summaryOf(report)}`, body, mood);
}

function titleOf({ id, title }: Exercise): string {
  return `${id} ${title}`;
}

function resultRow(result: CheckResult): string {
  const [mark, colour] = isPass(result) ? ["✓", "#12805c"] : ["✗", "#c2410c"];
  return row(mark, colour, result.name, result.message) +
    (result.likely ? paragraph(`Likely: ${result.likely}`, "margin-left:22px") : "");
}

function row(mark: string, colour: string, name: string, message: string): string {
  return `<div style="display:flex;gap:8px"><span style="color:${colour};font-weight:700;width:14px">${mark}` +
    `</span><span>${escapeHtml(name)}${
      message && `: <span style="color:${colour};` +
        `white-space:pre-wrap">${escapeHtml(message)}</span>`
    }</span></div>`;
}
