import { escape } from "../../display/svg.ts";
import { OUTCOMES } from "./page_style.ts";
import type { Counted, ExerciseStatistics } from "./statistics.ts";

/** Shown of each exercise's mistakes. */
const MOST = 3;

/** How the class did in each exercise: a bar of outcomes, and what went wrong most often. */
export function exercisesSection(statistics: readonly ExerciseStatistics[]): string {
  const byLesson = Map.groupBy(statistics, ({ lesson }) => lesson);
  return `<section>
<h2>Exercises</h2>
<p class="key">${
    OUTCOMES.map(({ outcome, mark, kind }) =>
      `<span class="${kind}"><i>${mark}</i> ${outcome}</span>`
    ).join("")
  }</p>
<div class="scroll"><table class="exercises">
<thead><tr><th>Exercise</th><th class="number">Passed</th><th></th><th>Most frequent mistakes</th></tr></thead>
${
    [...byLesson].map(([lesson, exercises]) =>
      `<tbody><tr class="lesson"><th colspan="4">${escape(lesson.replaceAll("_", " "))}</th></tr>
${exercises.map(exerciseRow).join("\n")}</tbody>`
    ).join("\n")
  }
</table></div>
</section>`;
}

function exerciseRow({ id, title, outcomes, mistakes, failures }: ExerciseStatistics): string {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const percent = (count: number) => 100 * count / Math.max(1, total);
  const bar = OUTCOMES.map(({ outcome, kind }) => {
    const count = outcomes[outcome];
    return count > 0
      ? `<span class="${kind}" style="width:${percent(count).toFixed(2)}%" ` +
        `title="${count} ${outcome}"></span>`
      : "";
  }).join("");
  const words = OUTCOMES.map(({ outcome }) => `${outcomes[outcome]} ${outcome}`).join(", ");
  return `<tr><td class="title"><span class="id">${escape(id)}</span>${escape(title)}</td>` +
    `<td class="number">${percent(outcomes.passed).toFixed(0)} %</td>` +
    `<td class="wide"><div class="bar" role="img" aria-label="${words}">${bar}</div></td>` +
    `<td>${mistakeList(mistakes, failures)}</td></tr>`;
}

function mistakeList(mistakes: readonly Counted[], failures: readonly Counted[]): string {
  const named = mistakes.slice(0, MOST), more = mistakes.slice(MOST);
  const others = [
    ...(more.length > 0 ? [{ text: "other known mistakes", count: sum(more) }] : []),
    ...failures,
  ].map(({ text, count }) => `${text} ${count}×`).join(", ");
  const items = [
    ...named.map(({ text, count }) => `<li><b>${count}×</b> ${escape(text)}</li>`),
    ...(others ? [`<li class="other">${escape(others)}</li>`] : []),
  ];
  return items.length > 0 ? `<ul class="plain">${items.join("")}</ul>` : "";
}

function sum(counted: readonly Counted[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}
