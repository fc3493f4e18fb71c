import { duration, type ProgressOutput } from "../../display/progress_line.ts";
import type { SubmissionGrade } from "./grades.ts";
import { cut } from "./table.ts";

/** Shows how far a run is. */
export interface GradeProgress {
  onGrade(grade: SubmissionGrade, known: boolean): void;
  /** Ends the line under way. */
  end(): void;
}

const BAR = 20;
/** Lines that a run gets where they cannot be written over. */
const LINES = 20;

/** A line with a bar, the learner who was graded last and the time left. */
export function createGradeProgress(
  submissions: number,
  output: ProgressOutput,
  now = () => performance.now(),
): GradeProgress {
  const started = now();
  let done = 0, graded = 0, open = false;
  return {
    onGrade({ learner, passed, total }, known) {
      done++;
      if (!known) graded++;
      const steps = Math.ceil(submissions / LINES);
      if (!output.terminal && done % steps !== 0 && done !== submissions) return;
      const full = Math.round(done / submissions * BAR);
      // Those that were known took no time, so they say nothing about the rest.
      const left = graded > 0
        ? `  ${duration((submissions - done) * (now() - started) / graded / 1000)} left`
        : "";
      const line = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${done}/${submissions}${left}` +
        `  ${learner} ${passed}/${total}`;
      if (!output.terminal) return output.write(`${line}\n`);
      output.write(`\r${cut(line, (output.columns || 80) - 1)}\x1b[K`);
      open = true;
    },
    end() {
      if (open) output.write("\r\x1b[K");
      open = false;
    },
  };
}
