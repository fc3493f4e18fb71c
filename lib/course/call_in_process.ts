import * as tf from "@tensorflow/tfjs-core";
import { interruptAfter } from "../jupyter/inside.ts";
import { computeAtOnce } from "./eager.ts";
import type { Argument, Call, Output } from "./exercise.ts";
import { failingLine, type LocatedError } from "./failing_line.ts";
import { toOutput, toValue } from "./values.ts";

/**
 * Calls a function in this process: with new tensors every time, and without leaving any behind.
 * The promise rejects with what the function threw, or with a `ReturnTypeError`. In a notebook a call that takes
 * longer than `timeLimit` milliseconds ends the cell.
 */
export function callInProcess(
  // deno-lint-ignore no-explicit-any
  fn: (...args: any[]) => unknown,
  { timeLimit }: { timeLimit?: number } = {},
): Call {
  return async (args) => {
    await computeAtOnce();
    const disarm = timeLimit === undefined ? () => {} : interruptAfter(
      timeLimit,
      `${fn.name || "The function"} took longer than ${
        timeLimit / 1000
      } seconds: is there a loop without end?`,
    );
    try {
      return callOnce(fn, args);
    } catch (error) {
      throw located(error, fn);
    } finally {
      disarm();
    }
  };
}

function callOnce(fn: (...args: unknown[]) => unknown, args: readonly Argument[]): Output {
  // Scopes by hand: tf.tidy() would look for tensors in what is returned.
  tf.engine().startScope();
  const { stackTraceLimit } = Error;
  // Ten places, as usual, can all lie in tfjs.
  Error.stackTraceLimit = 50;
  try {
    return toOutput(fn(...args.map(toValue)));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    tf.engine().endScope();
  }
}

function located(error: unknown, fn: (...args: unknown[]) => unknown): unknown {
  const line = failingLine(error, fn);
  if (line !== undefined && Object.isExtensible(error)) (error as LocatedError).line = line;
  return error;
}
