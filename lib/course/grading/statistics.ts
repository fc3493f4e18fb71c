import type { Assignment, ExerciseGrade, Outcome, SubmissionGrade } from "./grades.ts";

/** How a class did in one exercise. */
export interface ExerciseStatistics {
  id: string;
  title: string;
  lesson: string;
  outcomes: Record<Outcome, number>;
  /** Planted bugs that answers behaved like, the most frequent first. */
  mistakes: Counted[];
  /** In which way the other answers fail, the most frequent first. */
  failures: Counted[];
}

/** A text and how many have it. */
export interface Counted {
  text: string;
  count: number;
}

/** How a class did in each exercise. */
export function exerciseStatistics(
  assignments: readonly Assignment[],
  submissions: readonly SubmissionGrade[],
): ExerciseStatistics[] {
  const grades = Map.groupBy(
    submissions.flatMap(({ notebooks }) => notebooks.flatMap(({ exercises }) => exercises)),
    ({ id }) => id,
  );
  return assignments.flatMap(({ name, exercises }) =>
    exercises.map(({ id, title }) => {
      const own = grades.get(id) ?? [];
      const failed = own.filter(({ outcome }) => outcome === "failed");
      return {
        id,
        title,
        lesson: name,
        outcomes: countOutcomes(own),
        mistakes: counted(failed.map(({ mistake }) => mistake)),
        failures: counted(failed.filter(({ mistake }) => !mistake).map(wayOf)),
      };
    })
  );
}

/** A number such that half of the others are not above it; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function countOutcomes(grades: readonly ExerciseGrade[]): Record<Outcome, number> {
  const outcomes = { passed: 0, failed: 0, "not attempted": 0, missing: 0 };
  for (const { outcome } of grades) outcomes[outcome]++;
  return outcomes;
}

/** How often each text comes, the most frequent first. */
function counted(texts: readonly (string | undefined)[]): Counted[] {
  const groups = Map.groupBy(texts.filter((text) => text !== undefined), (text) => text);
  return [...groups].map(([text, all]) => ({ text, count: all.length }))
    .sort((a, b) => b.count - a.count);
}

/** In which way an answer fails, in a few words. */
function wayOf({ verdict, stopped }: ExerciseGrade): string {
  if (stopped === "code") return "code that does not run";
  if (stopped && stopped !== "time") return "stopped";
  switch (verdict) {
    case "wrong shape":
      return "wrong shape";
    case "wrong type":
      return "wrong kind of result";
    case "threw":
      return "an error";
    case "too slow":
      return "too slow";
    default:
      return "wrong values";
  }
}
