import type { Benchmark } from "./benchmarks.ts";
import { peakRate } from "./matmul.ts";
import type { Peer } from "./peer.ts";
import type { Shape } from "./shape.ts";
import { median, quantile } from "./statistics.ts";

/** One line of the results. */
export interface Result {
  name: string;
  ours: number;
  peer: number | null;
  /** peer / ours: bigger is better. */
  ratio: number | null;
  /** Half the ratios of single rounds lie between these two. */
  ratio_quartiles: [number, number] | null;
  unit: string;
  peer_version: string | null;
  /** Share of the machine's matrix-product peak that was reached. */
  share_of_peak: number | null;
  /** That peak, in GFLOP/s: the better engine's best shape in this run. */
  peak_gflops: number | null;
  shape: Shape;
  rounds: number;
}

/** What {@linkcode measure} needs to know. */
export interface MeasureOptions {
  shape: Shape;
  rounds: number;
  peer: Peer | undefined;
}

let peak: number | undefined;

/**
 * Measures a benchmark and its peer in turn, round by round, so that a busy moment of the machine hits
 * both; numbers are medians, and so is the ratio.
 */
export async function measure(
  name: string,
  benchmark: Benchmark,
  options: MeasureOptions,
): Promise<Result> {
  const { shape, rounds, peer } = options;
  const theirs = peer && benchmark.peer ? await benchmark.peer(peer, shape) : undefined;
  const ours = await benchmark.ours(shape);
  const mine: number[] = [], other: number[] = [];
  try {
    for (let round = 0; round < (benchmark.rounds ?? rounds); round++) {
      mine.push(await ours.run());
      if (theirs) other.push(await theirs.run());
    }
  } finally {
    await ours.stop();
    await theirs?.stop();
  }
  const ratios = other.map((value, round) => value / mine[round]!);
  const gflop = benchmark.gflop?.(shape);
  if (gflop) peak ??= await peakRate(peer);
  return {
    name,
    ours: median(mine),
    peer: theirs ? median(other) : null,
    ratio: theirs ? median(ratios) : null,
    ratio_quartiles: theirs ? [quantile(ratios, 0.25), quantile(ratios, 0.75)] : null,
    unit: benchmark.unit,
    peer_version: theirs ? peer!.version : null,
    share_of_peak: gflop ? gflop / median(mine) / peak! : null,
    peak_gflops: gflop ? peak! : null,
    shape,
    rounds: mine.length,
  };
}
