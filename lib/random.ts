import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A seeded generator on the host: the only source of randomness in the project. */
export interface Random {
  /** Uniform number in [0, 1). */
  uniform(): number;
  /** Standard normal number. */
  normal(): number;
  /** Uniform whole number in 0 … below − 1. */
  integer(below: number): number;
  /** Everything needed to continue from here: plain numbers, so that it can be written to JSON. */
  save(): RandomState;
}

/** The saved position of a {@linkcode Random}. */
export interface RandomState {
  words: number[];
  /** The second number of the last Box–Muller pair, if not used yet. */
  spare: number | null;
}

/** Makes a generator from a whole-number seed or from a saved position. */
export function createRandom(from: number | RandomState): Random {
  const generator = typeof from === "number"
    ? xoroshiro128plus(mix(from))
    : xoroshiro128plusFromState(from.words);
  let spare = typeof from === "number" ? null : from.spare;
  const uniform = () => (generator.next() >>> 0) / 0x1_0000_0000;

  return {
    uniform,
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      // Box–Muller; 1 − u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    integer(below) {
      return Math.floor(uniform() * below);
    },
    save() {
      return { words: [...generator.getState()], spare };
    },
  };
}

/** An independent generator for a named purpose ("noise", "data"), so that streams do not disturb each other. */
export function forkRandom(seed: number, purpose: string): Random {
  let hash = 0x811c9dc5 ^ mix(seed);
  for (const character of purpose) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return createRandom(hash);
}

/** Spreads neighbouring seeds far apart (the finaliser of MurmurHash3): their first numbers would be alike. */
function mix(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** An array of `count` standard normal numbers. */
export function normals(random: Random, count: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = random.normal();
  return values;
}

/** Shuffles the array in place (Fisher–Yates) and returns it. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  random: Random,
  items: T,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}
