/** What code in a notebook cell can ask of the course's kernel; harmless where there is none. */

/** What the course's kernel puts into the cells' process, under `Symbol.for("course.kernel")`. */
export interface CourseKernel {
  /** The signal of the cell that is running. */
  signal(): AbortSignal;
  /** Asks to end the running cell after so many milliseconds; the function returned takes it back. */
  endAfter(milliseconds: number, message: string): () => void;
}

const never = new AbortController().signal;

/** Whether this code runs in a Jupyter kernel, the course's or Deno's own. */
export function isNotebook(): boolean {
  if (courseKernel()) return true;
  // `Deno.jupyter` throws where there is no kernel, even under `typeof`; this does not.
  const { internal } = Deno as unknown as { internal: symbol };
  const internals = (Deno as unknown as Record<symbol, { jupyter?: Record<string, unknown> }>)[
    internal
  ];
  return typeof internals?.jupyter?.["broadcastResult"] === "function";
}

/**
 * Fires when the stop button is pressed while the current cell is running; each cell has its own. A cell that
 * uses it has three seconds to come to an end by itself, then what it awaits is rejected.
 */
export function interruptSignal(): AbortSignal {
  return courseKernel()?.signal() ?? never;
}

/**
 * Asks the kernel to end the running cell with this message after so many milliseconds, even in a
 * synchronous endless loop. Returns a function that takes it back.
 */
export function interruptAfter(milliseconds: number, message: string): () => void {
  return courseKernel()?.endAfter(milliseconds, message) ?? (() => {});
}

function courseKernel(): CourseKernel | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("course.kernel")] as
    | CourseKernel
    | undefined;
}
