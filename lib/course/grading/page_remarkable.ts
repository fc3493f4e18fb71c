import { escape } from "../../display/svg.ts";
import type { ExerciseGrade, SubmissionGrade } from "./grades.ts";

/** What code did that was stopped, in words. */
const STOPPED: Partial<Record<NonNullable<ExerciseGrade["stopped"]>, string>> = {
  forbidden: "tried what is not allowed",
  memory: "needed too much memory",
  output: "printed or returned too much",
  time: "took too long",
  ended: "ended the program",
};

/** What an instructor should see with their own eyes: unreadable submissions, and code that had to be stopped. */
export function remarkableSection(
  submissions: readonly SubmissionGrade[],
  ignored: readonly string[],
): string {
  const unreadable = submissions.flatMap(({ learner, problems, notebooks }) => {
    const all = [...problems, ...notebooks.flatMap(({ problem }) => problem ?? [])];
    return all.map((problem) => [learner, problem] as const);
  });
  const stopped = submissions.flatMap(({ learner, notebooks }) =>
    notebooks.flatMap(({ exercises }) =>
      exercises.flatMap(({ id, stopped, failure = "" }) => {
        const did = stopped && STOPPED[stopped];
        return did ? [[learner, id, did, failure] as const] : [];
      })
    )
  );
  if (unreadable.length + stopped.length + ignored.length === 0) return "";
  return `<section>
<h2>Worth a look</h2>
${
    unreadable.length > 0
      ? `<h3>Missing or unreadable</h3>${table(["Name", "What is wrong"], unreadable)}`
      : ""
  }
${
    stopped.length > 0
      ? `<h3>Code that was stopped</h3>
<p class="note">It ran without any permission and within limits, so nothing came of it. A mistake is more likely than intent: an endless loop is easily written.</p>${
        table(["Name", "Exercise", "What it did", "First failure"], stopped)
      }`
      : ""
  }
${ignored.length > 0 ? `<p class="note">Not looked at: ${escape(ignored.join(", "))}.</p>` : ""}
</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<div class="scroll"><table class="list"><thead><tr>${
    head.map((name) => `<th>${name}</th>`).join("")
  }</tr></thead><tbody>${
    rows.map((row) => `<tr>${row.map((text) => `<td>${escape(text)}</td>`).join("")}</tr>`).join("")
  }</tbody></table></div>`;
}
