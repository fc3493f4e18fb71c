import type { Random } from "../../random.ts";
import { float32, type HostRecord, type SpecRecord } from "../../tensors.ts";
import type { SelfFlowFull, SelfFlowLite } from "./options.ts";

/** What {@linkcode liteLevels} and {@linkcode fullLevels} draw from. */
export interface LevelDraws {
  /** The level that each image has without Self-Flow: `[B]`. It stays one of the image's levels. */
  base: Float32Array;
  /** Tokens of an image, N. */
  tokens: number;
  /** Draws so many further levels, spread as the base is. */
  draw(count: number): Float32Array;
  /** Decides which token takes which level. */
  random: Random;
}

/** Shapes of what {@linkcode liteLevels} draws for B images of N tokens. */
export function liteLevelSpec(
  { levels }: Required<SelfFlowLite>,
  batch: number,
  tokens: number,
): SpecRecord {
  return {
    t: numbers(batch, tokens),
    masked: numbers(batch, tokens),
    ...(levels > 0 && paletteSpec(batch, tokens, levels + 1)),
  };
}

/**
 * Noise levels for Self-Flow-lite: t `[B, N]`, masked `[B, N]` (1 for hidden tokens), and unless every token has a
 * level of its own the palette that they were taken from, `levels` `[B, P]` and `which` `[B, N, P]`, the level of
 * hidden tokens last.
 */
export function liteLevels(
  { levels, maskShare, maskLevel }: Required<SelfFlowLite>,
  { base, tokens, draw, random }: LevelDraws,
): HostRecord {
  const batch = base.length;
  const masked = new Float32Array(batch * tokens).map(() => random.uniform() < maskShare ? 1 : 0);
  if (levels < 0) {
    const t = Float32Array.from(draw(batch * tokens), (own, i) => masked[i] ? maskLevel : own);
    return { t: float32([batch, tokens], t), masked: float32([batch, tokens], masked) };
  }
  const further = draw(batch * (levels - 1));
  const palette = Array.from(base, (first, image) => [
    first,
    ...further.subarray(image * (levels - 1), (image + 1) * (levels - 1)),
    maskLevel,
  ]);
  const chosen = Array.from(masked, (hidden) => hidden ? levels : random.integer(levels));
  return {
    ...fromPalette(palette, chosen, tokens),
    masked: float32([batch, tokens], masked),
  };
}

/** Shapes of what {@linkcode fullLevels} draws for B images of N tokens. */
export function fullLevelSpec(batch: number, tokens: number): SpecRecord {
  return {
    t: numbers(batch, tokens),
    ...paletteSpec(batch, tokens, 2),
    teacher_t: numbers(batch),
  };
}

/**
 * Noise levels for Self-Flow: two per image, t `[B, N]` taken from them, the palette `levels` `[B, 2]` and `which`
 * `[B, N, 2]`, and the lower of the two, which the teacher sees: `teacher_t` `[B]`.
 */
export function fullLevels(
  { maskShare }: Required<SelfFlowFull>,
  { base, tokens, draw, random }: LevelDraws,
): HostRecord {
  const second = draw(base.length);
  const palette = Array.from(base, (first, image) => [first, second[image]!]);
  const chosen = Array.from(
    { length: base.length * tokens },
    () => random.uniform() < maskShare ? 1 : 0,
  );
  return {
    ...fromPalette(palette, chosen, tokens),
    teacher_t: float32([base.length], palette.map((levels) => Math.min(...levels))),
  };
}

/** Levels of tokens from the levels of their image, as the choice says. */
function fromPalette(palette: number[][], chosen: number[], tokens: number): HostRecord {
  const batch = palette.length, size = palette[0]!.length;
  const which = new Float32Array(chosen.length * size);
  chosen.forEach((place, i) => which[i * size + place] = 1);
  const t = chosen.map((place, i) => palette[Math.floor(i / tokens)]![place]!);
  return {
    t: float32([batch, tokens], t),
    levels: float32([batch, size], palette.flat()),
    which: float32([batch, tokens, size], which),
  };
}

function paletteSpec(batch: number, tokens: number, size: number): SpecRecord {
  return { levels: numbers(batch, size), which: numbers(batch, tokens, size) };
}

function numbers(...shape: number[]) {
  return { shape, dtype: "float32" as const };
}
