import { createRandom, type Random } from "../random.ts";

/**
 * A generator for one index of a generated dataset.
 *
 * `stream` keeps the splits apart. The first word of the state differs for every index, so no two
 * generators of a stream are equal.
 */
export function streamRandom(seed: number, stream: number, index: number): Random {
  const key = mix(mix(seed ^ 0x5eed) ^ stream);
  return createRandom({
    words: [0, 1, 2, 3].map((word) => mix(key ^ mix(index + Math.imul(word, 0x9e3779b9)))),
    spare: null,
  });
}

/** A bijection of 32-bit numbers that spreads every bit (the finaliser of MurmurHash3). */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
