import { COLOUR_NAMES } from "./colours.ts";
import { NOUNS } from "./nouns.ts";

/** About one pair in this many is kept out of training. */
const ONE_IN = 6.7;

/** Chosen so that every colour loses about as many nouns, no noun more than three colours, and chairs lose red. */
const SALT = 20630;

/**
 * Whether a noun in a colour is kept out of training, and so out of everything but what is asked for as "unseen".
 *
 * Decided by a fixed hash of the names, the same for every seed.
 */
export function isUnseen(noun: string, colour: string | null): boolean {
  return colour !== null && UNSEEN.has(`${colour} ${noun}`);
}

const UNSEEN: ReadonlySet<string> = new Set(
  NOUNS.flatMap(({ name }) => COLOUR_NAMES.map((colour) => `${colour} ${name}`))
    .filter((pair) => hash(`${SALT} ${pair}`) * ONE_IN < 1),
);

/** Spreads texts over [0, 1): FNV-1a with the finaliser of MurmurHash3. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
