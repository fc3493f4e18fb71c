/** Code that learners might hand in to pass without solving, to spy, or to break the machine it is checked on. */
export interface Hostile {
  name: string;
  /** An exercise's cell that defines `velocityTarget(x0, x1)`; the right answer would be x1 − x0. */
  code: string;
  /** What the learner is told, where it matters. */
  says?: RegExp;
}

export const FORBIDDEN = /not allowed here$/;
/** Says that the limit of time was broken. */
export const TOO_SLOW = /^took longer than/;
export const TOO_MUCH_MEMORY = /^needs more than \d+ MB of memory$/;
export const TOO_MUCH_OUTPUT = /^prints or returns more than/;
/** Of Node's process only a clock is left. */
export const NO_NODE = /process\.\w+ is not a function/;
export const ENDED = /^ends the program/;

/** A function with this body. */
export function body(code: string): string {
  return `function velocityTarget(x0, x1) { ${code} }`;
}

/** Something done beside a wrong answer. */
export function before(code: string): string {
  return `${code}\nfunction velocityTarget(x0, x1) { return tf.sub(x0, x1); }`;
}

export const LESSON = "01_flow_matching";
/** The course's folder, as the code can find it out. */
export const COURSE = `new URL("../../../../", Deno.mainModule).href`;
