import type { Assignment, SubmissionGrade } from "./grades.ts";

/** One line for each learner, as wide as the terminal: exercises passed by lesson, time, the first thing wrong. */
export function gradeTable(
  assignments: readonly Assignment[],
  submissions: readonly SubmissionGrade[],
  columns: number,
): string {
  const rows = [
    ["", ...assignments.map(({ name }) => name.slice(0, 2)), "all", "time", ""],
    ...submissions.map((submission) => [
      submission.learner,
      ...submission.notebooks.map(({ exercises }) => share(exercises.map(passed))),
      `${submission.passed}/${submission.total}`,
      `${submission.seconds.toFixed(1)} s`,
      firstFault(submission),
    ]),
  ];
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => widthOf(row[i]!))));
  widths[0] = Math.min(widths[0]!, Math.max(12, Math.floor(columns / 3)));
  const used = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  return rows.map((row) =>
    row.map((text, i) =>
      i === last
        ? cut(text, Math.max(20, columns - used))
        : i === 0
        ? padded(cut(text, widths[0]!), widths[0]!)
        : text.padStart(widths[i]!)
    ).join("  ").trimEnd()
  ).join("\n");
}

/** What an instructor would want to know first about a submission; nothing if all of it passed. */
export function firstFault({ problems, notebooks }: SubmissionGrade): string {
  const [problem] = [...problems, ...notebooks.flatMap(({ problem }) => problem ?? [])];
  if (problem) return problem;
  for (const { exercises } of notebooks) {
    for (const { id, outcome, failure, mistake } of exercises) {
      if (outcome === "failed") return `${id} ${mistake ?? failure}`;
      if (outcome === "missing") return `${id} is missing`;
    }
  }
  return "";
}

const passed = ({ outcome }: { outcome: string }) => outcome === "passed";

function share(passed: readonly boolean[]): string {
  return `${passed.filter(Boolean).length}/${passed.length}`;
}

/** Places that a text takes in a terminal: letters of some scripts take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += placesOf(letter);
  return width;
}

function placesOf(letter: string): number {
  if (/\p{Mark}/u.test(letter)) return 0;
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u
      .test(letter)
    ? 2
    : 1;
}

/** A text in at most so many places of a terminal. */
export function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  if (widthOf(line) <= width) return line;
  let short = "", used = 0;
  for (const letter of line) {
    used += placesOf(letter);
    if (used > width - 1) break;
    short += letter;
  }
  return `${short}…`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
