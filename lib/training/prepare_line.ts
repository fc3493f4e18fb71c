import type { PrepareProgress } from "../data/shards/mod.ts";
import { duration } from "../display/progress_line.ts";

/** Shows how far the data is prepared: a line that is written over, or one now and then. */
export interface PrepareLine {
  show(part: string, progress: PrepareProgress): void;
  end(): void;
}

/** Most lines for one part where they cannot be written over. */
const LINES = 4;

/** A line with rows prepared, speed and time left for each part of the data. */
export function createPrepareLine(
  output = { terminal: Deno.stderr.isTerminal(), write: writeError },
  now = () => performance.now(),
): PrepareLine {
  let current = "", started = 0, first = 0, printed = 0, open = false;
  const end = () => {
    if (open) output.write("\n");
    open = false;
  };
  return {
    show(part, { rows, of, before }) {
      if (part !== current) {
        end();
        [current, started, first, printed] = [part, now(), rows, 0];
      }
      // Nothing to tell about parts that are there already.
      if (of !== undefined && before >= of) return;
      const share = of === undefined ? 0 : rows / of;
      if (!output.terminal && share * LINES < printed) return;
      printed = Math.floor(share * LINES) + 1;
      const speed = (rows - first) / (now() - started) * 1000;
      const left = of !== undefined && speed > 0 ? `, ${duration((of - rows) / speed)} left` : "";
      const line = `Preparing ${part}: ${rows}${of === undefined ? "" : ` of ${of}`} rows` +
        (speed > 0 ? `, ${Math.round(speed)} rows/s${left}` : "");
      output.write(output.terminal ? `\r${line}\x1b[K` : `${line}\n`);
      open = output.terminal;
    },
    end,
  };
}

function writeError(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
