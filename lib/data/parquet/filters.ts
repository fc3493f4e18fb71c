import { numberOf, type ParquetRow } from "./rows.ts";

/** Which rows are good enough; null switches a filter off. */
export interface RowFilters {
  /** Least aesthetic score. */
  aesthetic: number | null;
  /** Most that a row may be thought unsafe, 0 … 1. */
  nsfw: number | null;
  /** Most that a row may be thought to have a watermark, 0 … 1. */
  watermark: number | null;
  /** Least and most width divided by height. */
  aspect: readonly [least: number, most: number] | null;
  /** Least length of the shorter side in pixels. */
  side: number | null;
}

/** The filters that the reference subset of MONET was chosen with. */
export const FILTERS: RowFilters = {
  aesthetic: 5.5,
  nsfw: 0.2,
  watermark: 0.2,
  aspect: [0.75, 1.33],
  side: 512,
};

/** Names of the columns that filters look at. */
export type FilterColumns = Record<keyof RowFilters, string>;

/**
 * Why a row is left out, as words that can be counted; undefined if it is kept. Where several filters would leave it out,
 * the first in the order of {@linkcode RowFilters} counts.
 */
export function refusalOf(
  row: ParquetRow,
  filters: RowFilters,
  columns: FilterColumns,
): string | undefined {
  for (const name of Object.keys(FILTERS) as (keyof RowFilters)[]) {
    const limit = filters[name];
    if (limit === null) continue;
    const value = numberOf(row[columns[name]]);
    if (value === undefined) return `no ${name} value`;
    const [least, most] = typeof limit !== "number"
      ? limit
      : name === "nsfw" || name === "watermark"
      ? [-Infinity, limit]
      : [limit, Infinity];
    if (value < least) return `${name} below ${least}`;
    if (value > most) return `${name} above ${most}`;
  }
}
