import { callInProcess } from "./call_in_process.ts";
import { accepts, compare, TOLERANCE } from "./compare.ts";
import { describeOutput } from "./describe_output.ts";
import type {
  Bug,
  Call,
  Check,
  CheckResult,
  Exercise,
  ExpectedCheck,
  Output,
  PropertyCheck,
  Report,
} from "./exercise.ts";
import { explainError } from "./explain_error.ts";
import { describeFailure } from "./failures.ts";
import { ReturnShapeError } from "./outputs.ts";
import { guessMistake } from "./guess_mistake.ts";
import { isHostTensor, ReturnTypeError } from "./values.ts";

/** Options of {@linkcode runChecks}. */
export interface RunChecksOptions {
  /** Ends the checks; the promise rejects with its reason. */
  signal?: AbortSignal;
  /** Called after every check. */
  onCheck?: (result: CheckResult, index: number) => void;
  /** Milliseconds for each check, 10 000 by default. */
  timeLimit?: number;
}

/** Milliseconds that a check may take. */
export const CHECK_TIME = 10_000;

/**
 * Checks a function, the simplest check first, until one fails: wrong answers are compared with those of the
 * exercise's planted bugs, to name the likely mistake.
 */
export async function runChecks(
  exercise: Exercise,
  call: Call,
  options: RunChecksOptions = {},
): Promise<Report> {
  const { signal, onCheck, timeLimit = CHECK_TIME } = options;
  const results: CheckResult[] = [];
  for (const [index, check] of exercise.checks.entries()) {
    signal?.throwIfAborted();
    const tried = await tryCheck(check, call, timeLimit, signal);
    const passed = isPass(tried.result);
    const likely = passed
      ? undefined
      : await likelyMistake(exercise, index, tried, call, timeLimit);
    const result = { ...tried.result, ...(likely && { likely }) };
    results.push(result);
    onCheck?.(result, index);
    if (!passed) break;
  }
  const passed = results.length === exercise.checks.length && results.every(isPass);
  return { id: exercise.id, passed, results, total: exercise.checks.length };
}

/** True for the verdicts of a check that found nothing wrong. */
export function isPass({ verdict }: Pick<CheckResult, "verdict">): boolean {
  return verdict === "exact" || verdict === "close" || verdict === "holds";
}

/** A check's result and what it rests on: the answers, or what was thrown instead. */
interface Tried {
  result: CheckResult;
  answers?: Output[];
  thrown?: string;
  /** What is wrong with all numbers alike. */
  guess?: string;
}

async function tryCheck(
  check: Check,
  call: Call,
  timeLimit: number,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  const answers: Output[] = [];
  const calls = "calls" in check ? check.calls : [check.args];
  try {
    // Taken before the learner's code runs, so that nothing of it can reach the reference.
    const expected = "expected" in check ? await check.expected() : undefined;
    await within(timeLimit, signal, async () => {
      for (const args of calls) answers.push(await call(args));
    });
    if ("judge" in check) return { answers, result: judged(check, answers) };
    const { verdict, message } = compare(expected!, answers[0]!, check.tolerance ?? TOLERANCE);
    const guess = isPass({ verdict }) ? undefined : guessMistake(expected!, answers[0]!);
    return {
      answers,
      ...(guess && { guess }),
      result: { name: check.name, verdict, message, ...pictureOf(check, expected!, answers[0]!) },
    };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      result: { name: check.name, ...describeFailure(error) },
      thrown: explainError(error),
    };
  }
}

function judged(check: PropertyCheck, answers: Output[]): CheckResult {
  const wrong = judge(check, answers);
  return wrong
    ? { name: check.name, verdict: "different", message: wrong }
    : { name: check.name, verdict: "holds", message: "holds" };
}

function judge(check: PropertyCheck, answers: Output[]): string | undefined {
  try {
    return check.judge(answers);
  } catch (error) {
    if (error instanceof ReturnTypeError || error instanceof ReturnShapeError) throw error;
    const returned = answers.map(describeOutput).join(", then ");
    throw new ReturnTypeError(`returned ${returned}, which cannot be judged (${error})`);
  }
}

function pictureOf(
  check: ExpectedCheck,
  expected: Output,
  actual: Output,
): Pick<CheckResult, "picture"> {
  if (!check.draw || !isHostTensor(expected) || !isHostTensor(actual)) return {};
  if (expected.shape.join() !== actual.shape.join()) return {};
  return { picture: { drawing: check.draw, expected, actual } };
}

/** Ends the wait for what takes too long; what runs synchronously must be ended by whoever runs it. */
async function within(
  milliseconds: number,
  signal: AbortSignal | undefined,
  run: () => Promise<void>,
): Promise<void> {
  const over = Promise.withResolvers<never>();
  const stop = () => over.reject(signal!.reason);
  const timer = setTimeout(() => {
    const error = new Error(`took longer than ${milliseconds / 1000} seconds`);
    error.name = "TimeLimitError";
    over.reject(error);
  }, milliseconds);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([run(), over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * What to say about a wrong answer: the word of the planted bug that answers just like it. Where several bugs
 * do, the checks that follow tell them apart.
 */
async function likelyMistake(
  exercise: Exercise,
  failed: number,
  tried: Tried,
  call: Call,
  timeLimit: number,
): Promise<string | undefined> {
  if (["not attempted", "too slow"].includes(tried.result.verdict)) return undefined;
  let suspects = await alike(exercise.checks[failed]!, exercise.bugs, tried);
  for (const check of exercise.checks.slice(failed + 1)) {
    if (suspects.length < 2) break;
    const again = await tryCheck(check, call, timeLimit, undefined);
    if (again.result.verdict === "too slow") break;
    const left = await alike(check, suspects, again);
    if (left.length > 0) suspects = left;
  }
  return suspects[0]?.says ?? tried.guess;
}

/** The bugs whose answers to a check's calls are the same, or that throw the same. */
async function alike(
  check: Check,
  bugs: readonly Bug[],
  { answers, thrown }: Tried,
): Promise<Bug[]> {
  const found: Bug[] = [], tolerance = "expected" in check ? check.tolerance : undefined;
  for (const bug of bugs) {
    const tried = await tryCheck(check, callInProcess(bug.wrong), CHECK_TIME, undefined);
    const same = answers && tried.answers
      ? answers.every((answer, i) => accepts(tried.answers![i]!, answer, tolerance))
      : thrown === tried.thrown;
    if (same) found.push(bug);
  }
  return found;
}
