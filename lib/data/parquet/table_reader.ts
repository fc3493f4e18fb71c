import { suggest } from "../../suggest.ts";
import type { OpenFile, ParquetFile } from "./list_files.ts";
import { openTable, type ParquetRow, type ParquetTable } from "./rows.ts";

/** Columns that are read of each row. */
export interface WantedColumns {
  /** Small ones that decide whether a row is kept; an error where one is missing. */
  needed: readonly string[];
  /** Small ones that may be missing. */
  optional: readonly string[];
  /** Large ones, read only where a row is kept. */
  heavy: readonly string[];
}

/** Rows of several files by their number; rows next to each other are fast. */
export interface TableReader {
  /** Small columns of a row; undefined behind the last row of the file. */
  light(file: number, row: number): Promise<ParquetRow | undefined>;
  /** Large columns of a row. */
  heavy(file: number, row: number): Promise<ParquetRow>;
  dispose(): Promise<void>;
}

/** Rows whose large columns are decoded together, where a row group can be divided. */
const PIECE = 256;

/**
 * Reads rows of files in turn, keeping in memory the small columns of one row group and the large columns of one piece
 * of it.
 */
export function numberedRows(files: readonly ParquetFile[], wanted: WantedColumns): TableReader {
  let current: { file: number; open: OpenFile; table: ParquetTable; small: string[] } | undefined;
  const light = piece(), heavy = piece();

  return {
    async light(file, row) {
      const { table, small } = await tableAt(file);
      const group = table.groups.find(({ from, to }) => row >= from && row < to);
      if (!group) return undefined;
      return await light.row(file, row, group, () => table.read(small, group.from, group.to));
    },
    async heavy(file, row) {
      const { table } = await tableAt(file);
      const group = table.groups.find(({ from, to }) => row >= from && row < to)!;
      const start = group.from + Math.floor((row - group.from) / PIECE) * PIECE;
      const range = wanted.heavy.every((name) => group.divisible.has(name))
        ? { from: start, to: Math.min(start + PIECE, group.to) }
        : group;
      const load = () => table.read(wanted.heavy, range.from, range.to);
      return (await heavy.row(file, row, range, load))!;
    },
    dispose: close,
  };

  async function tableAt(file: number) {
    if (current?.file === file) return current;
    await close();
    const open = await files[file]!.open(), { name } = files[file]!;
    try {
      const table = await openTable(open.buffer);
      const small = checkColumns(name, table.columns, wanted);
      return current = { file, open, table, small };
    } catch (error) {
      await open.close();
      if (error instanceof RangeError) throw error;
      throw new Error(`Cannot read ${name}: ${(error as Error).message}`, { cause: error });
    }
  }

  async function close(): Promise<void> {
    const { open } = current ?? {};
    current = undefined;
    await open?.close();
  }
}

/** Keeps the rows that were read last. */
function piece() {
  let kept: { file: number; from: number; to: number; rows: ParquetRow[] } | undefined;
  return {
    async row(
      file: number,
      row: number,
      { from, to }: { from: number; to: number },
      load: () => Promise<ParquetRow[]>,
    ): Promise<ParquetRow | undefined> {
      if (kept?.file !== file || kept.from !== from || kept.to !== to) {
        kept = undefined; // Makes room before the next is read.
        kept = { file, from, to, rows: await load() };
      }
      return kept.rows[row - from];
    },
  };
}

/** The small columns that are there; throws a RangeError for one that is needed and missing. */
function checkColumns(file: string, there: readonly string[], wanted: WantedColumns): string[] {
  const missing = [...wanted.needed, ...wanted.heavy].find((name) => !there.includes(name));
  if (missing !== undefined) {
    const meant = suggest(missing, there);
    throw new RangeError(
      `There is no column "${missing}" in ${file}: ` + (meant ? `did you mean "${meant}"? ` : "") +
        `It has ${there.join(", ")}. Name another with --column, or switch a filter off`,
    );
  }
  return [...wanted.needed, ...wanted.optional.filter((name) => there.includes(name))];
}
