import type { HostTensor } from "../tensors.ts";

/** One function that learners write, with everything that is needed to teach, check and prove it. */
export interface Exercise {
  /** Lesson and place in it: `"1.2"`. */
  id: string;
  /** The function's name, as learners write it. */
  name: string;
  /** What it is about, in a few words: "The velocity target". */
  title: string;
  /** 1 (a line) … 5 (a puzzle). */
  difficulty: Rating;
  /** 1 (a curiosity) … 5 (everything later rests on it). */
  importance: Rating;
  minutes: number;
  /** Shown one at a time; after the last comes the solution. */
  hints: readonly string[];
  /** What is checked, the simplest first. */
  checks: readonly Check[];
  /** Wrong answers that people plausibly write; every one must fail, and is named to who wrote it. At least two. */
  bugs: readonly Bug[];
}

export type Rating = 1 | 2 | 3 | 4 | 5;

/** A claim about the learner's function: calls of it, and what their results must be. */
export type Check = ExpectedCheck | PropertyCheck;

/** One call whose result is known, from a calculation by hand or from the tested library. */
export interface ExpectedCheck {
  /** What is claimed, as in "at t = 0 the path is at the data". */
  name: string;
  args: readonly Argument[];
  /** Never computed with the learner's code. */
  expected: () => Output | Promise<Output>;
  /** Greatest difference of two numbers that still counts as "close"; 1e-5 by default. */
  tolerance?: number;
  /** Draws the target beside the learner's answer. */
  draw?: Drawing;
}

/** Several calls whose results must fit together, where no single right answer exists. */
export interface PropertyCheck {
  name: string;
  calls: readonly (readonly Argument[])[];
  /** What is wrong with the results, in a sentence; nothing if they are right. */
  judge: (outputs: readonly Output[]) => string | undefined;
}

/** How tensors are shown: images `[B, H, W, C]` in [−1, 1], a matrix `[N, M]` as heat map, points `[N, 2]`, values `[N]`. */
export type Drawing = "images" | "matrix" | "points" | "curve";

/**
 * What a learner's function is called with. Everything here can be sent to another process: tensors become
 * tfjs tensors there, {@linkcode Callback} and {@linkcode Seed} become the function or the generator they name.
 */
export type Argument = Plain | HostTensor | Callback | Seed | readonly Argument[] | {
  readonly [name: string]: Argument;
};

/** What it returns, as plain values: tensors read back, typed arrays as lists of numbers. */
export type Output = Plain | HostTensor | readonly Output[] | { readonly [name: string]: Output };

export type Plain = number | string | boolean | null;

/** A function of {@linkcode CALLBACKS}, made with these options. */
export interface Callback {
  callback: string;
  options?: { readonly [name: string]: Plain | HostTensor };
}

/** A seeded generator (`lib/random.ts`). */
export interface Seed {
  seed: number;
}

/** A planted mistake. */
export interface Bug {
  /** In a few words, for instructors: "t reversed". */
  name: string;
  /** What to tell who made it, without giving the answer away: "The sign of the velocity looks flipped." */
  says: string;
  /** The function with the mistake; gets and returns tfjs tensors as a learner's would. */
  // deno-lint-ignore no-explicit-any
  wrong: (...args: any[]) => unknown;
}

/** Calls the function that is checked, wherever it runs: in this process or in a sandbox. */
export type Call = (args: readonly Argument[]) => Promise<Output>;

/** What became of an exercise's checks. */
export interface Report {
  id: string;
  passed: boolean;
  /** In the order of the exercise; checks after one that threw or timed out are not run. */
  results: readonly CheckResult[];
  /** How many checks the exercise has. */
  total: number;
}

/** What became of one check. */
export interface CheckResult {
  name: string;
  verdict:
    | "exact"
    | "close"
    | "holds"
    | "different"
    | "wrong shape"
    | "wrong type"
    | "threw"
    | "too slow"
    | "not attempted";
  /** A sentence for people: "max difference 0.031 at [0, 3, 1]: expected 0.5, got 0.531". */
  message: string;
  /** What the mistake probably is: the words of a planted bug, or what is wrong with all numbers alike. */
  likely?: string;
  /** To draw the target beside the answer. */
  picture?: { drawing: Drawing; expected: HostTensor; actual: HostTensor };
}
