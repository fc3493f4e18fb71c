import { pageHead } from "../../display/page/head.ts";
import { duration } from "../../display/progress_line.ts";
import { escape } from "../../display/svg.ts";
import type { Assignment, SubmissionGrade } from "./grades.ts";
import { exercisesSection } from "./page_exercises.ts";
import { learnersSection } from "./page_learners.ts";
import { remarkableSection } from "./page_remarkable.ts";
import { SCRIPT, STYLE } from "./page_style.ts";
import { exerciseStatistics, median } from "./statistics.ts";

/** What goes onto the page about a class. */
export interface GradePage {
  /** What is graded: the folder's name. */
  title: string;
  assignments: readonly Assignment[];
  submissions: readonly SubmissionGrade[];
  /** When it was graded. */
  date: Date;
  /** Names of files that are no submissions. */
  ignored: readonly string[];
}

/** One self-contained HTML page about a class: who passed what, where people fail, and what is worth a look. */
export function gradePage({ title, assignments, submissions, date, ignored }: GradePage): string {
  const statistics = exerciseStatistics(assignments, submissions);
  const lessons = assignments.map(({ name }) => name.replaceAll("_", " ")).join(", ");
  return `${pageHead(`${title} · grades`, STYLE)}
<body>
<main>
<header>
<h1>${escape(title)}</h1>
<p class="lead">Graded on ${day(date)}. Lessons: ${escape(lessons)}.</p>
${tiles(submissions, statistics.length)}
</header>
${exercisesSection(statistics)}
${learnersSection(assignments, submissions)}
${remarkableSection(submissions, ignored)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function tiles(submissions: readonly SubmissionGrade[], exercises: number): string {
  const passed = submissions.map(({ passed }) => passed);
  const problems = submissions.filter(({ problems, notebooks }) =>
    problems.length > 0 || notebooks.some(({ problem }) => problem)
  );
  const seconds = submissions.reduce((sum, { seconds }) => sum + seconds, 0);
  return `<dl class="tiles">${
    [
      ["submissions", `${submissions.length}`],
      ["median passed", `${median(passed)} <small>of ${exercises}</small>`],
      ["passed everything", `${passed.filter((count) => count === exercises).length}`],
      ["with something missing or unreadable", `${problems.length}`],
      ["computing time", `${duration(seconds)} <small>min</small>`],
    ].map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join("")
  }</dl>`;
}

function day(date: Date): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(date);
}
