import { ANSWERS } from "./answers.ts";
import { CLAIMS } from "./claims.ts";
import { ENDING } from "./ending.ts";
import { HOLDING_UP } from "./holding_up.ts";
import { PATCHES } from "./patches.ts";
import { REACHING_OUT } from "./reaching_out.ts";
import { USING_UP } from "./using_up.ts";
import type { Hostile } from "./kit.ts";

export { type Hostile, TOO_SLOW } from "./kit.ts";

/** Code that learners might hand in to pass without solving, to spy, or to break the machine it is checked on. */
export const HOSTILE: readonly Hostile[] = [
  ...HOLDING_UP,
  ...USING_UP,
  ...REACHING_OUT,
  ...ANSWERS,
  ...CLAIMS,
  ...ENDING,
  ...PATCHES,
];
