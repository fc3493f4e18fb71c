/** Grades what a class handed in. */
export { type Assignment, loadAssignment, type SubmissionGrade } from "./grades.ts";
export { findSubmissions, type Submission } from "./find_submissions.ts";
export { gradeAll, type GradeOptions } from "./grade_all.ts";
export { courseFingerprint, openStore } from "./store.ts";
export { createGradeProgress } from "./progress.ts";
export { detailsCsv, gradebookCsv } from "./csv.ts";
export { gradeTable } from "./table.ts";
export { gradePage } from "./page.ts";
export { exerciseStatistics } from "./statistics.ts";
