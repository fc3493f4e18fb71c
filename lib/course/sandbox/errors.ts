import type { LocatedError } from "../failing_line.ts";
import { SOURCE_NAME } from "./protocol.ts";

/** Why a sandbox ended a learner's code, or did not start it; the message says so in a sentence without a subject. */
export class SandboxError extends Error {
  override name = "SandboxError";
  constructor(readonly reason: Reason, message: string) {
    super(message);
  }
}

/** In which way code did what it may not do; "broken" is a fault of this machine, not of the code. */
export type Reason = "code" | "forbidden" | "memory" | "output" | "ended" | "broken";

/** What a call that takes too long rejects with. */
export class TimeLimitError extends Error {
  override name = "TimeLimitError";
}

/** Names of errors that a sandbox's process may give its own, beside those of the language. */
const NAMES = [
  ...["TodoError", "ReturnTypeError", "Error", "TypeError", "RangeError", "ReferenceError"],
  ...["SyntaxError", "EvalError", "URIError", "AggregateError"],
];

/**
 * The error that a learner's code threw in a sandbox's process, as it reported it (all of it may be made up), with
 * the line of the code in which it arose.
 */
export function thrownError(
  thrown: { name: unknown; message: unknown; stack: unknown },
  code: string,
): Error {
  const name = text(thrown.name), message = text(thrown.message);
  if (name === "CodeError") return new SandboxError("code", message);
  const forbidden = explainForbidden(message);
  if (forbidden) return new SandboxError("forbidden", forbidden);
  const error: LocatedError = new Error(message);
  error.name = NAMES.includes(name) ? name : "Error";
  const line = failingLine(text(thrown.stack), code);
  if (line !== undefined) error.line = line;
  return error;
}

/** What Deno refused, as a sentence. */
function explainForbidden(message: string): string | undefined {
  for (const [pattern, tries] of REFUSALS) {
    if (pattern.test(message)) return `${tries}: not allowed here`;
  }
  const [, kind, what] = /^Requires (\w+) access(?: to (.+?))?, run again with/s.exec(message) ??
    [];
  if (kind === undefined) return undefined;
  const tries = FORBIDDEN[kind] ?? `tries to get ${kind} access`;
  return `${tries}${what ? ` (${what.replaceAll('"', "")})` : ""}: not allowed here`;
}

/** Messages of Deno and V8 other than those about permissions. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^Failed to spawn/, "tries to run another program"],
  [/^A dynamic import callback was not specified/, "tries to load a module with import()"],
  [/^Code generation from strings disallowed/, "tries to make code from text"],
];

const FORBIDDEN: Readonly<Record<string, string>> = {
  read: "tries to read a file",
  write: "tries to write a file",
  net: "tries to reach the network",
  import: "tries to import from the network",
  env: "tries to read the environment",
  run: "tries to run another program",
  ffi: "tries to load a native library",
  sys: "tries to look at the machine",
};

/** The line of the code that the first frame of a stack in the code points at. */
function failingLine(stack: string, code: string): string | undefined {
  const [, found] = new RegExp(`\\b${SOURCE_NAME}:(\\d+):\\d+`).exec(stack) ?? [];
  return code.split("\n")[Number(found) - 1]?.trim().slice(0, 200);
}

/** Printable text of a bounded length. */
function text(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.slice(0, 2000).replace(COLOUR, "").replace(/[^\P{Cc}\n\t]/gu, " ");
}

/** What colours the text of a terminal. */
const COLOUR = /\p{Cc}\[[\d;]*m/gu;
