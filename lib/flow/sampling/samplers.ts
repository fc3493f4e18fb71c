/**
 * One evaluation of the velocity field within a step.
 *
 * The field is read at `at` of the step (0 = its start, 1 = its end), at the point reached by following the velocity
 * of the stage before for that long; the step then follows the mean of all stages by their weights.
 */
export interface Stage {
  at: number;
  weight: number;
}

/** Explicit Runge–Kutta methods in which each stage builds on the one before. */
export const SAMPLERS = {
  /** Order 1: follows the velocity at the start. */
  euler: [{ at: 0, weight: 1 }],
  /** Order 2: the mean of the velocities at the start and at the end Euler would reach (Heun 1900). */
  heun: [{ at: 0, weight: 1 / 2 }, { at: 1, weight: 1 / 2 }],
  /** Order 4: the classical method (Kutta 1901). */
  rk4: [
    { at: 0, weight: 1 / 6 },
    { at: 1 / 2, weight: 1 / 3 },
    { at: 1 / 2, weight: 1 / 3 },
    { at: 1, weight: 1 / 6 },
  ],
} satisfies Record<string, readonly Stage[]>;

/** Name of a sampler. */
export type Sampler = keyof typeof SAMPLERS;

/** The stages of a sampler by name; throws with the list if there is none. */
export function stagesOf(sampler: Sampler): readonly Stage[] {
  if (Object.hasOwn(SAMPLERS, sampler)) return SAMPLERS[sampler];
  throw new RangeError(
    `Unknown sampler "${sampler}": choose one of ${Object.keys(SAMPLERS).join(", ")}`,
  );
}
