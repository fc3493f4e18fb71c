import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { detailsCsv, gradebookCsv } from "../../../lib/course/grading/csv.ts";
import { gradePage } from "../../../lib/course/grading/page.ts";
import { createGradeProgress } from "../../../lib/course/grading/progress.ts";
import { exerciseStatistics, median } from "../../../lib/course/grading/statistics.ts";
import { gradeTable } from "../../../lib/course/grading/table.ts";
import { FIXTURE, gradeOf } from "./fixture.ts";

const failed = { outcome: "failed", failure: "of three: got 9", verdict: "different" } as const;
const CLASS = [
  gradeOf("Good, Åsa", [{}, {}]),
  gradeOf("=cmd|'/C calc'", [{ outcome: "not attempted" }, { ...failed, mistake: "squared" }]),
  gradeOf("<script>alert(1)</script>", [{ ...failed, verdict: "threw" }, {
    ...failed,
    mistake: "squared",
  }]),
  gradeOf("田中", [{ outcome: "missing" }, { outcome: "missing" }], {
    problems: ['No "notebook"'],
  }),
  gradeOf("Loop", [{}, { ...failed, stopped: "time" }]),
];

Deno.test("statistics count outcomes, planted bugs and other failures", () => {
  const [first, second] = exerciseStatistics([FIXTURE], CLASS);
  assertEquals(first!.outcomes, { passed: 2, failed: 1, "not attempted": 1, missing: 1 });
  assertEquals(first!.failures, [{ text: "an error", count: 1 }]);
  assertEquals(second!.mistakes, [{ text: "squared", count: 2 }]);
  assertEquals(second!.failures, [{ text: "wrong values", count: 1 }]);
});

Deno.test("the median is a number that was reached", () => {
  assertEquals([median([]), median([4]), median([1, 9, 5]), median([1, 2, 3, 10])], [0, 4, 5, 2]);
});

Deno.test("the gradebook has a row for each learner and a column for each exercise", () => {
  const rows = gradebookCsv([FIXTURE], CLASS).split("\r\n");
  assertEquals(rows[0], "\ufefflearner,passed,exercises,9.1,9.2,problems");
  assertEquals(rows[1], `"Good, Åsa",2,2,1,1,`);
  assertEquals(rows[4], `田中,0,2,0,0,"No ""notebook"""`);
  assertEquals(rows.length, CLASS.length + 2);
});

Deno.test("no cell of a table begins like a formula", () => {
  for (const csv of [gradebookCsv([FIXTURE], CLASS), detailsCsv([FIXTURE], CLASS)]) {
    assertStringIncludes(csv, `\n'=cmd|'/C calc'`);
    assert(!/(^|[\n,"])[=+@]/.test(csv));
  }
});

Deno.test("the details have a row for each exercise and each problem", () => {
  const rows = detailsCsv([FIXTURE], CLASS).trimEnd().split("\r\n");
  assertEquals(rows.length, 1 + 2 * CLASS.length + 1);
  assertEquals(
    rows[4],
    "'=cmd|'/C calc',09_numbers,9.2,Twice,failed,1,1,of three: got 9,squared,,a.ipynb,0.50",
  );
});

Deno.test("the table in the terminal is as wide as it, whatever the script", () => {
  const lines = gradeTable([FIXTURE], CLASS, 60).split("\n");
  assertEquals(lines.length, CLASS.length + 1);
  assert(lines.every((line) => [...line].length <= 60));
  const [a, b] = [lines[1]!, lines[4]!];
  // Two letters of double width take four places.
  assertEquals(a.indexOf("2/2") - b.indexOf("0/2"), 2);
});

Deno.test("the page shows everybody, and nothing of theirs as code", () => {
  const page = gradePage({
    title: "Autumn & co",
    assignments: [FIXTURE],
    submissions: CLASS,
    date: new Date(2026, 1, 3),
    ignored: ["list.xlsx"],
  });
  assertStringIncludes(page, "<h1>Autumn &amp; co</h1>");
  assertStringIncludes(page, "3 February 2026");
  assertStringIncludes(page, "&lt;script&gt;alert(1)");
  assertEquals(page.split("<script").length, 2);
  assert(!/(src|href)=/.test(page), "the page should need nothing else");
  for (const { learner } of [CLASS[0]!, CLASS[3]!]) assertStringIncludes(page, learner);
  assertStringIncludes(page, "took too long");
  assertStringIncludes(page, "Not looked at: list.xlsx");
  assertMatch(page, /<b>2×<\/b> squared/);
});

Deno.test("progress tells how long it takes from what was graded in this run", () => {
  const written: string[] = [];
  let now = 0;
  const output = { write: (text: string) => void written.push(text), terminal: true, columns: 70 };
  const progress = createGradeProgress(4, output, () => now);
  progress.onGrade(CLASS[0]!, true);
  assert(!written.at(-1)!.includes("left"));
  now = 10_000;
  progress.onGrade(CLASS[1]!, false);
  assertMatch(written.at(-1)!, /2\/4 {2}0:20 left/);
  progress.end();
  assertEquals(written.at(-1), "\r\x1b[K");
});
