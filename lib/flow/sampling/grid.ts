import { checkShift, shiftNoiseLevel } from "../noise_levels.ts";

/**
 * The noise levels of a sampling run, from 1 to 0 in `steps` steps: `[steps + 1]`.
 * Evenly spaced, then moved by `shift`: above 1 the run takes more of its steps near noise.
 */
export function timeGrid(steps: number, options: { shift?: number } = {}): number[] {
  const { shift = 1 } = options;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot sample in ${steps} steps: expected a whole number from 1`);
  }
  checkShift(shift);
  return Array.from({ length: steps + 1 }, (_, i) => shiftNoiseLevel(1 - i / steps, shift));
}

/** Throws unless the grid has at least two levels, all in [0, 1], each below the one before. */
export function checkGrid(grid: readonly number[]): void {
  if (grid.length < 2) {
    throw new RangeError(
      `Cannot integrate over a grid of ${grid.length} noise levels: expected 2 or more`,
    );
  }
  grid.forEach((t, i) => {
    if (!(t >= 0 && t <= 1)) {
      throw new RangeError(`Noise level ${t} of the grid is not in 0 … 1 (at ${i})`);
    }
    if (i > 0 && t >= grid[i - 1]!) {
      throw new RangeError(
        `Noise levels of a grid must fall: ${t} comes after ${grid[i - 1]} (at ${i})`,
      );
    }
  });
}
