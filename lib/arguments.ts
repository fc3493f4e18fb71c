import { suggest } from "./suggest.ts";

/** How an option is given: alone, with a value, with a value that may be left out, or several times with a value. */
export type OptionKind = "flag" | "value" | "optional" | "list";

/** A command line taken apart. */
export interface Arguments<Name extends string> {
  words: string[];
  /** Values of the options that were given; an option without a value has none. */
  options: Partial<Record<Name, string[]>>;
}

/** Takes a command line apart; throws a RangeError of one sentence for what it does not know. */
export function readArguments<Name extends string>(
  args: readonly string[],
  kinds: Readonly<Record<Name, OptionKind>>,
): Arguments<Name> {
  const names = Object.keys(kinds) as Name[];
  const words: string[] = [], options: Partial<Record<Name, string[]>> = {};
  for (let i = 0; i < args.length; i++) {
    const [, typed, joined] = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    if (typed === undefined) {
      if (/^-\D/.test(args[i]!)) {
        throw new RangeError(
          `Cannot read "${args[i]}": options begin with two dashes, as in --help`,
        );
      }
      words.push(args[i]!);
      continue;
    }
    const name = names.find((name) => name === typed);
    if (!name) throw unknownOption(typed, names);
    const kind = kinds[name], following = args[i + 1];
    const values = options[name] ??= [];
    if (kind === "flag") {
      if (joined !== undefined) throw new RangeError(`Option --${name} takes no value`);
    } else if (joined !== undefined) {
      values.push(joined);
    } else if (following !== undefined && !following.startsWith("--")) {
      values.push(following);
      i++;
    } else if (kind !== "optional") {
      throw new RangeError(`Option --${name} needs a value`);
    }
    if (values.length > 1 && kind !== "list") {
      throw new RangeError(`Option --${name} is given twice: ${values.join(" and ")}`);
    }
  }
  return { words, options };
}

/** A whole number from an option's text; throws a RangeError that says what was expected. */
export function wholeNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text.trim()) && value >= from && value <= to) return value;
  throw new RangeError(
    `Option --${option} is "${text}": expected a whole number from ${from} to ${to}`,
  );
}

/** A number from 0 from an option's text; throws a RangeError that says what was expected. */
export function numberFrom0(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`Option --${option} is "${text}": expected a number from 0`);
}

/** A number above 0 from an option's text; throws a RangeError that says what was expected. */
export function numberAbove0(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`Option --${option} is "${text}": expected a number above 0`);
}

/** One of some names; throws a RangeError with the nearest. */
export function oneOf<T extends string>(option: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const meant = suggest(text, names);
  throw new RangeError(
    `Option --${option} is "${text}": expected one of ${names.join(", ")}` +
      (meant ? `; did you mean ${meant}?` : ""),
  );
}

function unknownOption(typed: string, names: readonly string[]): RangeError {
  const meant = suggest(typed, names);
  return new RangeError(
    `There is no option --${typed}: ` +
      (meant
        ? `did you mean --${meant}?`
        : `expected ${names.map((name) => `--${name}`).join(", ")}`),
  );
}

/** Runs a command with its arguments; ends with 2 for what was asked wrongly, 1 for what failed otherwise. */
export async function runCommand(run: (args: readonly string[]) => Promise<void>): Promise<never> {
  try {
    await run(Deno.args);
    Deno.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(error instanceof RangeError ? 2 : 1);
  }
}
