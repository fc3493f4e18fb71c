/** Size of a DiT. */
export interface DiTSize {
  /** Features per token. */
  width: number;
  /** Number of blocks. */
  depth: number;
  /** Attention heads per block. */
  heads: number;
  /** Side of a patch in pixels. */
  patch: number;
  /** Hidden width of a block's MLP, as a multiple of the width. */
  mlpRatio: number;
  /** Width of the vector that carries time and class. */
  conditioningWidth: number;
}

/** The sizes that have a name; parameters counted for images of 28×28×1 and 10 classes. */
export const DIT_PRESETS = {
  /** 0.24 M parameters. */
  nano: { width: 64, depth: 3, heads: 4, patch: 4, mlpRatio: 4, conditioningWidth: 64 },
  /** 1.26 M. */
  tiny: { width: 128, depth: 4, heads: 4, patch: 4, mlpRatio: 4, conditioningWidth: 128 },
  /** 4.16 M. */
  small: { width: 192, depth: 6, heads: 6, patch: 4, mlpRatio: 4, conditioningWidth: 192 },
  /** 7.38 M. */
  base: { width: 256, depth: 6, heads: 8, patch: 4, mlpRatio: 4, conditioningWidth: 256 },
  /** 16.04 M: the size the engine is measured with; 12.35 M without gates, output modulation and classes. */
  reference: { width: 256, depth: 6, heads: 8, patch: 4, mlpRatio: 4, conditioningWidth: 1024 },
} satisfies Record<string, DiTSize>;

/** Name of a size. */
export type DiTPreset = keyof typeof DIT_PRESETS;
