/** Links of the chain, in the order in which a picture goes through them; training holds them together. */
export const LINKS = [
  "data",
  "decoder scale",
  "architecture",
  "conditioning",
  "sampler",
  "objective",
  "training",
] as const;
export type Link = typeof LINKS[number];
