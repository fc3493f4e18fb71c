import type { Assignment, SubmissionGrade } from "./grades.ts";

/** One row for each learner and exercise, and one for each problem with a submission or a notebook. */
export function detailsCsv(
  assignments: readonly Assignment[],
  submissions: readonly SubmissionGrade[],
): string {
  const titles = new Map(
    assignments.flatMap(({ exercises }) => exercises.map(({ id, title }) => [id, title])),
  );
  const rows: (string | number)[][] = [[
    ...["learner", "lesson", "exercise", "title", "outcome", "checks passed", "checks"],
    ...["first failure", "likely mistake", "notes", "file", "seconds"],
  ]];
  for (const { learner, notebooks, problems } of submissions) {
    for (const problem of problems) {
      rows.push([learner, "", "", "", "problem", "", "", problem, "", "", "", ""]);
    }
    for (const { lesson, file = "", problem, notes, exercises } of notebooks) {
      if (problem || notes.length > 0) {
        rows.push([
          ...[learner, lesson, "", "", problem ? "problem" : "note", "", "", problem ?? ""],
          ...["", notes.join(" "), file, ""],
        ]);
      }
      for (const grade of exercises) {
        const { id, outcome, checksPassed, checks, failure = "", mistake = "", seconds } = grade;
        rows.push([
          ...[learner, lesson, id, titles.get(id) ?? "", outcome, checksPassed, checks],
          ...[failure, mistake, grade.notes.join(" "), file, seconds.toFixed(2)],
        ]);
      }
    }
  }
  return csv(rows);
}

/** One row for each learner, one column for each exercise: 1 if it passed. */
export function gradebookCsv(
  assignments: readonly Assignment[],
  submissions: readonly SubmissionGrade[],
): string {
  const ids = assignments.flatMap(({ exercises }) => exercises.map(({ id }) => id));
  const rows = submissions.map(({ learner, notebooks, passed, total, problems }) => {
    const grades = notebooks.flatMap(({ exercises }) => exercises);
    const points = ids.map((id) =>
      grades.some((grade) => grade.id === id && grade.outcome === "passed") ? 1 : 0
    );
    const wrong = [...problems, ...notebooks.flatMap(({ problem }) => problem ?? [])];
    return [learner, passed, total, ...points, wrong.join(". ")];
  });
  return csv([["learner", "passed", "exercises", ...ids, "problems"], ...rows]);
}

/** Comma-separated values (RFC 4180), marked as UTF-8 for spreadsheet programs. */
function csv(rows: readonly (readonly (string | number)[])[]): string {
  return "\ufeff" + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function cell(value: string | number): string {
  if (typeof value === "number") return `${value}`;
  // A text that begins like this would be computed by the program that opens the file.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
