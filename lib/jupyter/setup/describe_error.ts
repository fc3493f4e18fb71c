import { type Place, placesOf } from "./waiting.ts";
import { heading } from "./stack.ts";

/** An error as the kernel shows it. */
export interface ErrorText {
  name: string;
  message: string;
  /** Name and message, trace, causes. */
  lines: string[];
}

/** Says in text what was thrown, whatever it was. */
export function describeError(thrown: unknown): ErrorText {
  if (!(thrown instanceof Error)) {
    const value = typeof thrown === "string" ? thrown : Deno.inspect(thrown);
    return {
      name: "Uncaught",
      message: value,
      lines: [`Uncaught: ${value}`, ...places(thrown, "")],
    };
  }
  const lines = withCauses(thrown, 0, new Set());
  return { name: text(() => thrown.name), message: text(() => thrown.message), lines };
}

function withCauses(error: unknown, depth: number, seen: Set<unknown>): string[] {
  if (!(error instanceof Error)) return [Deno.inspect(error)];
  if (seen.has(error) || depth > 5) return [heading(error)];
  seen.add(error);
  const stack = text(() => error.stack ?? heading(error));
  const lines = [...stack.split("\n"), ...places(error, stack)];
  if (error.cause !== undefined) {
    const [first, ...rest] = withCauses(error.cause, depth + 1, seen);
    lines.push(`Caused by: ${first}`, ...rest);
  }
  if (error instanceof AggregateError) {
    for (const [i, inner] of error.errors.slice(0, 5).entries()) {
      const [first, ...rest] = withCauses(inner, depth + 1, seen);
      lines.push(`Error ${i + 1} of ${error.errors.length}: ${first}`, ...rest);
    }
  }
  return lines;
}

/** The awaits of cells that the error came through and that its own trace does not know. */
function places(error: unknown, stack: string): string[] {
  const name = ([cell, line, column]: Place) => `cell[${cell}]:${line}:${column}`;
  const known = (place: Place) => stack.includes(`cell[${place[0]}]:${place[1]}:`);
  return placesOf(error).filter((place) => !known(place)).map((place) => `    at ${name(place)}`);
}

/** Text that a hostile or broken error could refuse to give. */
function text(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return "Error";
  }
}
