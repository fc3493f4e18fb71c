/** Where code that runs was written. */
export interface Positions {
  /** Where the pieces of the code begin, in order. */
  pieces: readonly PieceStart[];
  /** Where lines have moved before: for every line of what was cut into pieces the line as it was written. */
  lines?: readonly number[];
}

/** The beginning of a piece: where it runs and where it was written; lines and columns from 1. */
export interface PieceStart {
  runs: Place;
  written: Place;
  /** An inserted piece comes from one place as a whole; others were copied. */
  inserted: boolean;
}

export type Place = [line: number, column: number];

/** Where a place of the code that runs was written. */
export function writtenPlace({ pieces, lines }: Positions, [line, column]: Place): Place {
  const place = placeInPieces(pieces, [line, column]);
  return lines ? [lines[place[0] - 1] ?? place[0], 1] : place;
}

function placeInPieces(pieces: readonly PieceStart[], [line, column]: Place): Place {
  const piece = pieces.findLast(({ runs }) =>
    runs[0] < line || (runs[0] === line && runs[1] <= column)
  );
  if (!piece) return [line, column];
  const { runs, written, inserted } = piece;
  if (inserted) return written;
  if (runs[0] === line) return [written[0], written[1] + column - runs[1]];
  return [written[0] + line - runs[0], column];
}
