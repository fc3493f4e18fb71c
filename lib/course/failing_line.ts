/**
 * The line of a function's text in which an error arose, as far as that is certain; undefined otherwise.
 *
 * A stack only tells places in the whole script, and where the function begins there is not known. But lines keep
 * their columns: the one line is looked for that calls (or makes) the right thing at the right column.
 */
export function failingLine(
  error: unknown,
  // deno-lint-ignore no-explicit-any
  fn: (...args: any[]) => unknown,
): string | undefined {
  const stack = error instanceof Error && typeof error.stack === "string" ? error.stack : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  // Modules lie in folders, cells do not.
  const own = frames.findIndex((frame) => !/[/\\]|\b(node|ext):/.test(frame.split(/\s/).at(-1)!));
  const column = Number(/:(\d+)\)?$/.exec(frames[own] ?? "")?.[1]);
  if (!column) return undefined;
  const text = Function.prototype.toString.call(fn).split("\n").filter((line) =>
    !/^\s*(\/\/|\*|\/\*)/.test(line)
  );
  const unknown = /^(\w+) is not defined/.exec((error as Error).message)?.[1];
  // The place of this error is the statement's, not the name's.
  if (unknown) return only(text.filter((line) => new RegExp(`\\b${unknown}\\b`).test(line)));
  const expected = own === 0 ? namedBy(error as Error) : calledBy(frames[own - 1]!);
  return only(text.filter((line) =>
    !/[\w$]/.test(line[column - 2] ?? "") &&
    (expected ? line.startsWith(expected, column - 1) : /^[\w$(["'`]/.test(line.slice(column - 1)))
  ));
}

function only(lines: readonly string[]): string | undefined {
  return lines.length === 1 ? lines[0]!.trim() : undefined;
}

/** What stands at the place of an error that arose in the line itself. */
function namedBy({ message }: Error): string {
  return /(\w+) is not a (?:function|constructor)/.exec(message)?.[1] ??
    /\(reading '(\w+)'\)/.exec(message)?.[1] ?? "new ";
}

/** The name of the function of a frame; tfjs calls add() "add__op". */
function calledBy(frame: string): string | undefined {
  return /^\s+at (?:\w+\.)?(\w+?)(?:__op)? \(/.exec(frame)?.[1];
}

/** An error with the line of learner's code in which it arose. */
export interface LocatedError extends Error {
  line?: string;
}
