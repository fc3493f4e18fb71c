import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** A row of a parquet file, by column. */
export type ParquetRow = Record<string, unknown>;

/** A parquet file whose rows can be read group by group. */
export interface ParquetTable {
  /** Names of its top columns. */
  columns: string[];
  rows: number;
  groups: RowGroup[];
  /** Rows [from, to) with these columns; others are not fetched. */
  read(columns: readonly string[], from: number, to: number): Promise<ParquetRow[]>;
}

/** Neighbouring rows that are stored together. */
export interface RowGroup {
  from: number;
  to: number;
  /** Columns of which a part can be read without decoding all of it: those with a page index. */
  divisible: ReadonlySet<string>;
}

/** Reads what a parquet file says about itself. */
export async function openTable(file: AsyncBuffer): Promise<ParquetTable> {
  // Most files describe themselves in less; where it is not enough, the rest is fetched.
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: 1 << 16 });
  return {
    columns: topColumns(metadata),
    rows: Number(metadata.num_rows),
    groups: rowGroups(metadata),
    async read(columns, from, to) {
      return await parquetReadObjects({
        file,
        metadata,
        columns: [...columns],
        rowStart: from,
        rowEnd: to,
        compressors,
        // Numbers may be stored as bytes: texts without a mark are decoded where they are used.
        utf8: false,
        useOffsetIndex: true,
      });
    },
  };
}

function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  // The schema is a tree in depth-first order under its root.
  for (let i = 1; i < schema.length; i = after(i)) names.push(schema[i]!.name);
  return names;

  function after(element: number): number {
    let next = element + 1;
    for (let child = 0; child < (schema[element]!.num_children ?? 0); child++) next = after(next);
    return next;
  }
}

function rowGroups({ row_groups }: FileMetaData): RowGroup[] {
  let start = 0;
  return row_groups.map(({ num_rows, columns }) => {
    const from = start, to = start += Number(num_rows);
    const indexed = columns.filter((column) => column.offset_index_offset !== undefined);
    const names = indexed.map((column) => column.meta_data!.path_in_schema[0]!);
    return { from, to, divisible: new Set(names) };
  });
}

/** Text of a cell; undefined if it has none. */
export function textOf(cell: unknown): string | undefined {
  const text = cell instanceof Uint8Array ? new TextDecoder().decode(cell) : cell;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}

/** Number of a cell; undefined if it has none. */
export function numberOf(cell: unknown): number | undefined {
  const value = typeof cell === "bigint" ? Number(cell) : cell;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * Numbers of a cell: a list, a list of lists, or bytes of half or single precision (which of them follows from how many
 * are expected). Undefined if it does not hold `count` finite numbers.
 */
export function vectorOf(cell: unknown, count: number): Float32Array<ArrayBuffer> | undefined {
  const vector = cell instanceof Uint8Array ? fromBytes(cell, count) : fromList(cell, count);
  return vector?.every(Number.isFinite) ? vector : undefined;
}

function fromBytes(bytes: Uint8Array, count: number): Float32Array<ArrayBuffer> | undefined {
  const copy = bytes.slice().buffer;
  if (bytes.length === 2 * count) return new Float32Array(new Float16Array(copy));
  if (bytes.length === 4 * count) return new Float32Array(copy);
}

function fromList(cell: unknown, count: number): Float32Array<ArrayBuffer> | undefined {
  const vector = new Float32Array(count);
  let filled = 0;
  const add = (value: unknown): boolean => {
    if (typeof value === "number") {
      if (filled < count) vector[filled] = value;
      return ++filled <= count;
    }
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      for (const part of value as unknown as Iterable<unknown>) if (!add(part)) return false;
      return true;
    }
    return false;
  };
  return add(cell) && filled === count ? vector : undefined;
}
