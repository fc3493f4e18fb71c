import { duration, type ProgressOutput, standardError } from "../../display/progress_line.ts";
import type { PrepareProgress } from "./prepare.ts";

/** How many lines preparing gets where they cannot be written over. */
const LINES = 10;

/** Shows how far preparing is: one line that is written over on a terminal, else a line now and then. */
export function prepareProgress(
  output: ProgressOutput = standardError(),
  now: () => number = () => performance.now(),
): { show(progress: PrepareProgress): void; end(): void } {
  const begun = now();
  let shown = -Infinity, told = -1, open = false;
  return {
    show({ rows, of, before, shards }) {
      const last = rows === of, share = of ? rows / of : undefined;
      if (output.terminal) {
        if (now() - shown < 100 && !last) return;
      } else {
        // Without a known end, a line every so many rows.
        const part = Math.floor(share !== undefined ? share * LINES : rows / 5000);
        if (part === told) return;
        told = part;
      }
      shown = now();
      const perSecond = (rows - before) / Math.max(1e-3, (shown - begun) / 1000);
      const line =
        `${rows.toLocaleString("en")}${of ? ` of ${of.toLocaleString("en")}` : ""} rows` +
        `  ${shards} shards` +
        (rows > before ? `  ${Math.round(perSecond)} rows/s` : "") +
        (of && rows > before ? `  ${duration((of - rows) / perSecond)} left` : "");
      if (output.terminal) {
        output.write(`\r${line.slice(0, (output.columns || 80) - 1)}\x1b[K`);
        open = true;
      } else output.write(`${line}\n`);
    },
    end() {
      if (open) output.write("\n");
      open = false;
    },
  };
}
