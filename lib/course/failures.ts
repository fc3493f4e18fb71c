import type { CheckResult } from "./exercise.ts";
import { explainError } from "./explain_error.ts";
import type { LocatedError } from "./failing_line.ts";

/** What became of a check whose call was rejected, by the name of the error. */
export function describeFailure(error: unknown): Pick<CheckResult, "verdict" | "message"> {
  const { name, message } = error instanceof Error ? error : { name: "", message: `${error}` };
  switch (name) {
    case "TodoError":
      return { verdict: "not attempted", message: "not attempted yet" };
    case "ReturnShapeError":
      return { verdict: "wrong shape", message };
    case "ReturnTypeError":
      return { verdict: "wrong type", message };
    case "TimeLimitError":
      return { verdict: "too slow", message };
    // A sandbox ended the code: its message is a sentence.
    case "SandboxError":
      return { verdict: "threw", message };
    default:
      return { verdict: "threw", message: explainError(error) + placeOf(error) };
  }
}

function placeOf(error: unknown): string {
  const { line } = (error ?? {}) as Partial<LocatedError>;
  return typeof line === "string" ? ` (in the line "${line}")` : "";
}
