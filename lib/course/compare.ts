import { describeOutput, formatNumber, position } from "./describe_output.ts";
import type { CheckResult, Output, Plain } from "./exercise.ts";
import { isHostTensor } from "./values.ts";

/** What a comparison found; the message is for people. */
export interface Comparison {
  verdict: Extract<
    CheckResult["verdict"],
    "exact" | "close" | "different" | "wrong shape" | "wrong type"
  >;
  message: string;
}

/** Greatest difference of two numbers that counts as close, where a check names none. */
export const TOLERANCE = 1e-5;

/**
 * Compares an answer with what is right: kinds and shapes first, then the numbers.
 * Numbers up to `tolerance` apart count as close; NaN and the infinities equal only themselves.
 */
export function compare(expected: Output, actual: Output, tolerance = TOLERANCE): Comparison {
  const pairs: Pair[] = [];
  return pairUp(expected, actual, "", pairs) ?? compareValues(pairs, tolerance);
}

/** True when the answer would be accepted. */
export function accepts(expected: Output, actual: Output, tolerance?: number): boolean {
  const { verdict } = compare(expected, actual, tolerance);
  return verdict === "exact" || verdict === "close";
}

/** Values that must be alike, and where the i-th of them is. */
interface Pair {
  expected: ArrayLike<Plain>;
  actual: ArrayLike<Plain>;
  where: (i: number) => string;
}

/** Collects what must be compared; returns a mismatch of kind or shape, if there is one. */
function pairUp(
  expected: Output,
  actual: Output,
  place: string,
  pairs: Pair[],
): Comparison | undefined {
  const at = place && ` at ${place}`;
  const wrongType: Comparison = {
    verdict: "wrong type",
    message: `returned ${describeOutput(actual)}${at}, expected ${describeOutput(expected)}`,
  };
  if (isHostTensor(expected)) {
    if (!isHostTensor(actual)) return wrongType;
    if (expected.shape.join() !== actual.shape.join()) {
      const shapes = `shape [${actual.shape.join(", ")}]${at}, expected [${
        expected.shape.join(", ")
      }]`;
      return { verdict: "wrong shape", message: shapes };
    }
    if (expected.dtype !== actual.dtype) return wrongType;
    const where = (i: number) =>
      place + (expected.shape.length > 0 ? position(i, expected.shape) : "");
    pairs.push({ expected: expected.data, actual: actual.data, where });
    return undefined;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return wrongType;
    if (expected.length !== actual.length) {
      const lengths = `returned ${describeOutput(actual)}${at}, expected ${expected.length}`;
      return { verdict: "wrong shape", message: lengths };
    }
    return first(expected, (item, i) => pairUp(item, actual[i]!, `${place}[${i}]`, pairs));
  }
  if (typeof expected === "object" && expected !== null) {
    const record = typeof actual === "object" && !Array.isArray(actual) && !isHostTensor(actual);
    if (!record || actual === null) return wrongType;
    const given = actual as Record<string, Output>;
    return first(
      Object.entries(expected),
      ([name, value]) =>
        Object.hasOwn(given, name)
          ? pairUp(value, given[name]!, `${place}.${name}`, pairs)
          : wrongType,
    );
  }
  if ((expected === null) !== (actual === null) || typeof expected !== typeof actual) {
    return wrongType;
  }
  pairs.push({ expected: [expected], actual: [actual as Plain], where: () => place });
  return undefined;
}

function compareValues(pairs: readonly Pair[], tolerance: number): Comparison {
  let largest = 0, worst: Place | undefined, firstNaN: Place | undefined, broken = 0, total = 0;
  for (const pair of pairs) {
    for (let i = 0; i < pair.expected.length; i++) {
      total++;
      const difference = distance(pair.expected[i]!, pair.actual[i]!);
      if (difference > 0 && Number.isNaN(pair.actual[i])) {
        broken++;
        firstNaN ??= { pair, i };
      }
      if (difference > largest) {
        largest = difference;
        worst = { pair, i };
      }
    }
  }
  if (!worst) return { verdict: "exact", message: "exact" };
  if (largest <= tolerance) {
    return { verdict: "close", message: `close (max difference ${formatNumber(largest)})` };
  }
  const what = firstNaN
    ? total === 1 ? "NaN" : `${broken} of ${total} numbers are NaN, the first`
    : Number.isFinite(largest)
    ? `max difference ${formatNumber(largest)}`
    : "different";
  return { verdict: "different", message: what + wordsAt(firstNaN ?? worst) };
}

/** The i-th values of a pair. */
interface Place {
  pair: Pair;
  i: number;
}

/** " at [0, 3, 1]: expected 0.5, got 0.531" */
function wordsAt({ pair: { expected, actual, where }, i }: Place): string {
  const place = where(i);
  return `${place && ` at ${place}`}: ${pairOfNumbers(expected[i]!, actual[i]!)}`;
}

/** How far apart two values are; infinitely, if they are no numbers and not the same. */
function distance(expected: Plain, actual: Plain): number {
  if (expected === actual || Object.is(expected, actual)) return 0;
  const difference = typeof expected === "number" && typeof actual === "number"
    ? Math.abs(expected - actual)
    : Infinity;
  return Number.isNaN(difference) ? Infinity : difference;
}

/** "expected 0.5, got 0.531", with as many digits as show the difference. */
function pairOfNumbers(expected: Plain, actual: Plain): string {
  if (typeof expected !== "number" || typeof actual !== "number") {
    return `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  }
  const short = [formatNumber(expected), formatNumber(actual)];
  const [right, got] = short[0] === short[1] ? [expected, actual] : short;
  return `expected ${right}, got ${got}`;
}

function first<T, R>(items: readonly T[], find: (item: T, i: number) => R | undefined) {
  for (const [i, item] of items.entries()) {
    const found = find(item, i);
    if (found) return found;
  }
  return undefined;
}
