import { explainDiskError, writeFileWhole, type WriteOptions } from "../disk.ts";
import type { LossBin } from "./task.ts";

/** One line of `metrics.jsonl`. */
export type MetricLine = TrainLine | HeldoutLine;

/** What happened since the last such line. */
export interface TrainLine {
  kind: "train";
  step: number;
  /** Mean over the steps since the last line. */
  loss: number;
  learningRate: number;
  /** Of the last step, before clipping; null where nothing is clipped. */
  gradientNorm: number | null;
  /** Training time since the start of the run. */
  seconds: number;
  imagesPerSecond: number;
}

/** Loss on held-out images. */
export interface HeldoutLine {
  kind: "heldout";
  step: number;
  loss: number;
  bins: LossBin[];
  seconds: number;
}

/** An open `metrics.jsonl`. */
export interface Metrics {
  append(line: MetricLine): Promise<void>;
  close(): void;
}

/**
 * Opens the file to go on after a step: lines of later steps, which will come again, and a line that was torn
 * by a kill are dropped first.
 */
export async function openMetrics(
  path: string,
  step: number,
  options: WriteOptions = {},
): Promise<Metrics> {
  const { write = (file, bytes) => file.write(bytes) } = options;
  const lines = (await readMetrics(path)).filter((line) => line.step <= step);
  await writeFileWhole(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), options);
  const file = await Deno.open(path, { append: true });
  const encoder = new TextEncoder();
  return {
    async append(line) {
      const bytes = encoder.encode(`${JSON.stringify(line)}\n`);
      try {
        for (let done = 0; done < bytes.length;) done += await write(file, bytes.subarray(done));
      } catch (error) {
        throw explainDiskError(error, `write ${path}`);
      }
    },
    close: () => file.close(),
  };
}

/** The whole lines of a metrics file; none if it is not there. */
export async function readMetrics(path: string): Promise<MetricLine[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  // A last line without its line end was torn.
  return text.split("\n").slice(0, -1).flatMap((line) => {
    try {
      return [JSON.parse(line) as MetricLine];
    } catch {
      return [];
    }
  });
}

/** Mean of what came since the last line; can be saved, so that a resumed run logs the same means. */
export interface WindowState {
  sum: number;
  count: number;
}

/** Nothing came yet. */
export const EMPTY_WINDOW: WindowState = { sum: 0, count: 0 };

/** Adds a loss to a window. */
export function addToWindow({ sum, count }: WindowState, loss: number): WindowState {
  return { sum: sum + loss, count: count + 1 };
}
