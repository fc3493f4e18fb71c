/**
 * How long an experiment runs: `full` for people, `small` where COURSE_QUICK=1 says that only its working is
 * tested.
 */
export function quick<T>(full: T, small: T): T {
  return Deno.env.get("COURSE_QUICK") === "1" ? small : full;
}
