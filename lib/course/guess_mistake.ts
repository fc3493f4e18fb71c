import { accepts } from "./compare.ts";
import { formatNumber } from "./describe_output.ts";
import type { Output } from "./exercise.ts";
import { isHostTensor } from "./values.ts";

/** Different numbers that an answer must have before a pattern in it counts as one. */
const ENOUGH = 4;

/**
 * What is wrong with every number of an answer alike: sign, factor, offset or order. For mistakes that nobody
 * planted; undefined if there is no such pattern.
 */
export function guessMistake(expected: Output, actual: Output): string | undefined {
  if (!isHostTensor(expected) || !isHostTensor(actual)) return undefined;
  if (expected.data.length !== actual.data.length) return undefined;
  if (new Set(expected.data).size < ENOUGH) return undefined;
  const right = Array.from(expected.data), got = Array.from(actual.data);
  const same = (numbers: number[]) => accepts(numbers, got, 1e-5 * (1 + largest(right)));
  if (expected.shape.join() === actual.shape.join()) {
    if (same(right.map((value) => -value))) return "Every number has the opposite sign.";
    const at = right.findIndex((value) => Math.abs(value) === largest(right));
    const factor = got[at]! / right[at]!;
    if (factor !== 0 && same(right.map((value) => factor * value))) {
      return `Every number is ${formatNumber(rounded(factor))} times what was expected.`;
    }
    const offset = got[0]! - right[0]!;
    if (same(right.map((value) => value + offset))) {
      const size = formatNumber(rounded(Math.abs(offset)));
      return `Every number is ${size} ${offset > 0 ? "more" : "less"} than expected.`;
    }
  }
  const sorted = right.toSorted((a, b) => a - b);
  return accepts(sorted, got.toSorted((a, b) => a - b)) && !same(right)
    ? "The numbers are the right ones, but in other places: is an axis, or a reshape, mixed up?"
    : undefined;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Without the last digits, which single precision does not know. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
