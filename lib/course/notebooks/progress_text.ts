import type { Exercise } from "../exercise.ts";
import { reportText, summaryOf } from "../report_text.ts";
import { type CheckedAnswer, firstOpen, type LearnersNotebook, stageOf } from "./learner.ts";

const MARKS = { passed: "✓", failed: "✗", pending: "·" } as const;

/** A lesson's exercises with how far each is, as lines of text. */
export function lessonText(
  { lesson, problem }: LearnersNotebook,
  answers: readonly CheckedAnswer[],
): string {
  const done = answers.filter((answer) => stageOf(answer) === "passed").length;
  return [
    `${lesson.name}: ${done} of ${answers.length} exercises done`,
    ...(problem ? [`  ! ${problem}`] : answers.flatMap(answerLines)),
  ].join("\n");
}

/** What an answer's checks found, in full. */
export function answerText(answer: CheckedAnswer): string {
  const { exercise, report, notes } = answer;
  const head = report ? reportText(exercise, report) : `${titleOf(exercise)}: not attempted yet`;
  return [head, ...notes.map((note) => `  ! ${note}`)].join("\n");
}

/** What to do next, in a line. */
export function nextText(answers: readonly CheckedAnswer[]): string {
  const open = firstOpen(answers);
  return open
    ? `Next: exercise ${titleOf(open)}, about ${open.minutes} minutes. ` +
      `Stuck? deno task hint ${open.id}`
    : "All exercises are done.";
}

/** "1.2 The velocity target" */
export function titleOf({ id, title }: Exercise): string {
  return `${id} ${title}`;
}

function answerLines(answer: CheckedAnswer): string[] {
  const { exercise, report, notes } = answer;
  const stage = stageOf(answer);
  const state = stage === "pending" ? "not attempted yet" : summaryOf(report!);
  return [
    `  ${MARKS[stage]} ${titleOf(exercise).padEnd(38)} ${state}`,
    ...notes.map((note) => `      ! ${note}`),
  ];
}
