/** An error as front ends show it. */
export interface ShownError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Says what is wrong with code that cannot be read, and where. */
export async function explainSyntax(
  source: string,
  error: Error,
  { deno, number }: { deno: string; number: number },
): Promise<ShownError> {
  const known = / is a constant|^A cell is not /.test(error.message);
  const { message, line, column } = (known ? undefined : await askFormatter(source, deno)) ??
    placeOf(error);
  return syntaxError(message, source, number, line, column);
}

/** The lines of an error with the line of the cell where it happened, below the message. */
export function showPlace(lines: readonly string[], source: string, number: number): string[] {
  const frame = lines.findIndex((line) => line.includes(`cell[${number}]:`));
  if (frame < 0) return [...lines];
  const [, line, column] = /\]:(\d+):(\d+)/.exec(lines[frame]!)!;
  const first = lines.findIndex((line) => line.startsWith("    at "));
  const picture = excerpt(source, Number(line), Number(column));
  return [...lines.slice(0, first), ...picture, ...lines.slice(first)];
}

function syntaxError(
  message: string,
  source: string,
  number: number,
  line: number,
  column: number,
): ShownError {
  const evalue = `${message} (line ${line})`;
  return {
    ename: "SyntaxError",
    evalue,
    traceback: [
      `SyntaxError: ${message}`,
      ...excerpt(source, line, column),
      `    at cell[${number}]:${line}:${column}`,
    ],
  };
}

/** A line of the source with a mark below the column. */
function excerpt(source: string, line: number, column: number): string[] {
  const text = source.split("\n")[line - 1];
  if (text === undefined) return [];
  const margin = `  ${line} | `;
  // Long lines are shown around the mark.
  const from = Math.max(0, column - 1 - 60), shown = text.slice(from, from + 100);
  const mark = " ".repeat(Math.max(0, column - 1 - from)) + "^";
  return ["", margin + shown.trimEnd(), " ".repeat(margin.length - 2) + "| " + mark, ""];
}

/** What the formatter's parser says, which knows TypeScript: its message and place. */
async function askFormatter(source: string, deno: string): Promise<Place | undefined> {
  const child = new Deno.Command(deno, {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source)).catch(() => {});
  await writer.close().catch(() => {});
  const text = new TextDecoder().decode((await child.output()).stderr);
  const message = /SyntaxError: (.*)/.exec(text)?.[1];
  const place = /_stdin\.ts:(\d+):(\d+)/.exec(text);
  if (!message || !place) return undefined;
  return { message: plain(message), line: Number(place[1]), column: Number(place[2]) };
}

interface Place {
  message: string;
  line: number;
  column: number;
}

/** The message without the parser's inner names. */
function plain(message: string): string {
  return message
    .replace(/.*UnterminatedTpl.*/, "Unterminated template: a closing ` is missing")
    .replace(/(numeric|string) literal \(.*?\)/, "a $1")
    .replace(/<eof>/g, "the end of the cell");
}

/** The place that an error names, as `(3:5)` with columns from 0 or `file.ts:3:6` from 1. */
function placeOf(error: Error): Place {
  const [, line = "1", column = "0"] = /\((\d+):(\d+)\)$/.exec(error.message) ?? [];
  const named = /at file:\S*:(\d+):(\d+)$/.exec(error.message);
  const message = error.message.replace(/\s*\(\d+:\d+\)$|\s*at file:\S*$/, "");
  return named
    ? { message, line: Number(named[1]), column: Number(named[2]) }
    : { message, line: Number(line), column: Number(column) + 1 };
}
