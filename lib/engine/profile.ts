/** Time that one kind of operator took. */
export interface ProfileRow {
  operator: string;
  calls: number;
  milliseconds: number;
  /** Share of all operators' time, 0 … 1. */
  share: number;
}

/** Where a program's time goes: one row per kind of operator, the most expensive first. */
export interface Profile {
  runs: number;
  /** Time of all operators in one run. */
  millisecondsPerRun: number;
  rows: ProfileRow[];
}

interface TraceEvent {
  cat: string;
  name: string;
  /** Start and duration in microseconds. */
  ts: number;
  dur: number;
  args?: { op_name?: string; node_index?: string };
}

/** Reads ONNX Runtime's time profile (a list of trace events) of a number of runs. */
export function parseProfile(text: string, runs: number): Profile {
  const events = (JSON.parse(text) as TraceEvent[])
    .filter((event) => event.cat === "Node" && event.name.endsWith("_kernel_time"));
  const byOperator = new Map<string, { calls: number; microseconds: number }>();
  for (const event of events) {
    const operator = event.args?.op_name ?? event.name;
    const entry = byOperator.get(operator) ?? { calls: 0, microseconds: 0 };
    entry.calls++;
    entry.microseconds += operator === "Scan" ? ownTime(event, events) : event.dur;
    byOperator.set(operator, entry);
  }
  const total = [...byOperator.values()].reduce((sum, entry) => sum + entry.microseconds, 0);
  const rows = [...byOperator].map(([operator, { calls, microseconds }]) => ({
    operator,
    calls: calls / runs,
    milliseconds: microseconds / 1000 / runs,
    share: microseconds / total,
  }));
  rows.sort((a, b) => b.milliseconds - a.milliseconds);
  return { runs, millisecondsPerRun: total / 1000 / runs, rows };
}

/** Time of a loop without that of the operators inside it, which have rows of their own. */
function ownTime(loop: TraceEvent, events: readonly TraceEvent[]): number {
  const end = loop.ts + loop.dur;
  return events.filter((event) => event !== loop && event.ts >= loop.ts && event.ts < end)
    .reduce((time, event) => time - event.dur, loop.dur);
}

/** The profile as a table for people. */
export function formatProfile({ rows, millisecondsPerRun, runs }: Profile): string {
  const lines = rows.map(({ operator, calls, milliseconds, share }) =>
    [
      operator.padEnd(28),
      calls.toFixed(0).padStart(7),
      milliseconds.toFixed(2).padStart(10),
      `${(share * 100).toFixed(1)} %`.padStart(8),
    ].join(" ")
  );
  const header = `${"operator".padEnd(28)}   calls         ms    share`;
  return [
    header,
    ...lines,
    `${"all".padEnd(28)} ${"".padStart(7)} ${
      millisecondsPerRun.toFixed(2).padStart(10)
    }  per run, over ${runs} runs`,
  ].join("\n");
}
