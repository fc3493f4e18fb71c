import { escape } from "../../display/svg.ts";
import type { Assignment, ExerciseGrade, NotebookGrade, SubmissionGrade } from "./grades.ts";
import { OUTCOMES } from "./page_style.ts";

/** Who passed what: a row for each learner, with what went wrong below it. */
export function learnersSection(
  assignments: readonly Assignment[],
  submissions: readonly SubmissionGrade[],
): string {
  const ids = assignments.flatMap(({ exercises }) => exercises);
  const sortable = (name: string, title = "") =>
    `<button type="button" class="sort"${title && ` title="${escape(title)}"`}>${name}</button>`;
  return `<section>
<h2>Learners</h2>
<p class="tools"><label hidden>Find <input type="search" id="find"></label>
<button type="button" id="unfold" hidden>Show all details</button></p>
<div class="scroll"><table class="learners" id="learners">
<thead>
<tr><th></th><th></th>${
    assignments.map(({ name, exercises }) =>
      `<th class="group" colspan="${exercises.length}">${
        escape(name.replace(/^(\d+)_/, "$1 ").replaceAll("_", " "))
      }</th>`
    ).join("")
  }<th></th></tr>
<tr><th>${sortable("Name")}</th><th class="number">${sortable("Passed")}</th>${
    ids.map(({ id, title }) => `<th class="mark">${sortable(escape(id), title)}</th>`).join("")
  }<th class="number">${sortable("Time")}</th></tr>
</thead>
${submissions.map((submission) => learnerRows(submission, assignments, ids.length + 3)).join("\n")}
</table></div>
</section>`;
}

/** A learner's row and the one with the details, as a body of their own, so that they stay together. */
function learnerRows(
  submission: SubmissionGrade,
  assignments: readonly Assignment[],
  columns: number,
): string {
  const { learner, passed, total, seconds, notebooks } = submission;
  const marks = assignments.flatMap(({ name, exercises }) => {
    const notebook = notebooks.find(({ lesson }) => lesson === name);
    return exercises.map(({ id }) =>
      markCell(notebook?.exercises.find((grade) => grade.id === id))
    );
  });
  const details = detailsOf(submission);
  const name = details
    ? `<button type="button" class="fold" aria-expanded="true">${escape(learner)}</button>`
    : `<span class="name">${escape(learner)}</span>`;
  return `<tbody><tr><th scope="row" data-value="${escape(learner.toLowerCase())}">${name}</th>` +
    `<td class="number" data-value="${passed}">${passed}<small>/${total}</small></td>` +
    marks.join("") +
    `<td class="number" data-value="${seconds.toFixed(3)}">${seconds.toFixed(1)} s</td></tr>` +
    (details ? `<tr class="more"><td colspan="${columns}">${details}</td></tr>` : "") + "</tbody>";
}

function markCell(grade: ExerciseGrade | undefined): string {
  const found = OUTCOMES.find(({ outcome }) => outcome === (grade?.outcome ?? "missing"))!;
  const title = `${grade?.id ?? ""} ${found.outcome}${
    grade?.outcome === "failed" ? `: ${grade.mistake ?? grade.failure}` : ""
  }`;
  return `<td class="mark ${found.kind}" data-value="${found.rank}" title="${
    escape(title.trim())
  }">` +
    `<i>${found.mark}</i></td>`;
}

/** What is wrong or unusual, as a list; empty if nothing is. */
function detailsOf({ problems, notebooks }: SubmissionGrade): string {
  const items = [
    ...problems.map((problem) => `<li class="warning">${escape(problem)}.</li>`),
    ...notebooks.flatMap(notebookItems),
  ];
  return items.length > 0 ? `<ul class="plain">${items.join("")}</ul>` : "";
}

function notebookItems({ problem, notes, exercises, lesson }: NotebookGrade): string[] {
  const about = `<b>${escape(lesson.slice(0, 2))}</b>`;
  return [
    ...(problem ? [`<li class="warning">${about} ${escape(problem)}.</li>`] : []),
    ...notes.map((note) => `<li class="note">${about} ${escape(note)}</li>`),
    ...exercises.flatMap(({ id, failure, mistake, checksPassed, checks, notes }) => [
      ...(failure
        ? [
          `<li><b>${escape(id)}</b> ${mistake ? `<em>${escape(mistake)}</em> · ` : ""}` +
          `${escape(failure)} <small>(${checksPassed} of ${checks} checks passed)</small></li>`,
        ]
        : []),
      ...notes.map((note) => `<li class="note"><b>${escape(id)}</b> ${escape(note)}</li>`),
    ]),
  ];
}
