/** The names of `@std/assert`, over `node:assert/strict`, so that tests need nothing but the npm registry. */
import assertStrict from "node:assert/strict";

export function assert(condition: unknown, message?: string): asserts condition {
  assertStrict.ok(condition, message!);
}

export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assertStrict.deepStrictEqual(actual, expected, message!);
}

export function assertStringIncludes(actual: string, expected: string): void {
  assertStrict.ok(actual.includes(expected), `"${actual}" does not include "${expected}"`);
}

export function assertMatch(actual: string, pattern: RegExp): void {
  assertStrict.match(actual, pattern);
}

/** Fails unless |actual − expected| ≤ tolerance. */
export function assertAlmostEquals(actual: number, expected: number, tolerance = 1e-7): void {
  assertStrict.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

/** Fails unless every element is within `tolerance · max(1, |expected|)`; says where it is worst. */
export function assertAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
  what = "values",
): void {
  assertStrict.equal(actual.length, expected.length, `${what}: lengths differ`);
  let worst = 0, at = -1;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (!(difference <= worst)) [worst, at] = [difference, i];
  }
  assertStrict.ok(
    worst <= tolerance,
    `${what}: difference ${worst} at ${at}: ${actual[at]} instead of ${expected[at]}`,
  );
}

/** Fails unless the function throws an error whose message includes `includes`; returns the error. */
export function assertThrows(run: () => unknown, includes = ""): Error {
  try {
    run();
  } catch (error) {
    return expectMessage(error, includes);
  }
  throw new assertStrict.AssertionError({ message: "Expected the function to throw" });
}

/** Like {@linkcode assertThrows} for promises. */
export async function assertRejects(run: () => Promise<unknown>, includes = ""): Promise<Error> {
  try {
    await run();
  } catch (error) {
    return expectMessage(error, includes);
  }
  throw new assertStrict.AssertionError({ message: "Expected the promise to reject" });
}

function expectMessage(error: unknown, includes: string): Error {
  assertStrict.ok(error instanceof Error, `Threw ${error}, which is not an Error`);
  assertStringIncludes(error.message, includes);
  return error;
}
