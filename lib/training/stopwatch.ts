/** Measures how long a run takes and how fast it goes. */
export interface Stopwatch {
  /** Seconds since the start, with what was spent before a resume. */
  seconds(): number;
  /** Called before and after an update: what lies in between counts for the speed, what lies outside does not. */
  lap(): void;
  /** Items per second if each update handles so many, smoothed over about ten updates. */
  perSecond(items: number): number;
}

/** Starts a stopwatch; `before` are the seconds it already shows. */
export function startStopwatch(before = 0, now = () => performance.now()): Stopwatch {
  const start = now();
  let lapStart: number | undefined, typical: number | undefined;
  return {
    seconds: () => before + (now() - start) / 1000,
    lap() {
      if (lapStart === undefined) {
        lapStart = now();
        return;
      }
      const took = (now() - lapStart) / 1000;
      typical = typical === undefined ? took : 0.9 * typical + 0.1 * took;
      lapStart = undefined;
    },
    perSecond: (items) => typical ? items / typical : 0,
  };
}
