import type { PieceStart, Place } from "../positions.ts";

/** A replacement in a text: the characters from `at` to `to` by `insert`. */
export interface Edit {
  at: number;
  to: number;
  insert: string;
}

/** A stretch of a text that goes to its beginning, with text around it. */
export interface Move {
  start: number;
  end: number;
  before: string;
  after: string;
}

/** A part of the result: copied from the text, or inserted at one of its places. */
type Piece = { start: number; end: number } | { insert: string; at: number };

/** Makes the edits, which must not overlap, then the moves; where something was moved away a semicolon stays. */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
  { begin, moves, end }: { begin: string; moves: readonly Move[]; end: string },
): { text: string; pieces: PieceStart[] } {
  // Stable: of two edits at the same place, the one given first stands first.
  const sorted = edits.toSorted((a, b) => a.at - b.at);
  const inside = ({ at }: Edit, { start, end }: Move) => start < at && at < end;
  const pieces: Piece[] = [{ insert: begin, at: 0 }];
  for (const move of moves) {
    const { start, end, before, after } = move;
    const own = sorted.filter((edit) => inside(edit, move));
    pieces.push({ insert: before, at: start }, ...edited(own, start, end));
    pieces.push({ insert: after, at: end });
  }
  const staying = sorted.filter((edit) => !moves.some((move) => inside(edit, move)));
  const gaps = moves.map(({ start, end }) => ({ at: start, to: end, insert: ";" }));
  const rest = [...staying, ...gaps].sort((a, b) => a.at - b.at || a.to - b.to);
  pieces.push(...edited(rest, 0, text.length), { insert: end, at: text.length });
  return assemble(text, pieces);
}

/** A stretch of the text with its edits, all of which lie inside or at its ends. */
function edited(edits: readonly Edit[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  for (const { at, to, insert } of edits) {
    if (at < from) throw new RangeError(`Edits overlap at character ${at}`);
    pieces.push({ start: from, end: at }, { insert, at });
    from = to;
  }
  return [...pieces, { start: from, end }];
}

function assemble(text: string, pieces: readonly Piece[]): { text: string; pieces: PieceStart[] } {
  const starts: PieceStart[] = [], out: string[] = [];
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const placeOf = (offset: number): Place => {
    let low = 0, high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - lineStarts[low]! + 1];
  };
  let line = 1, column = 1;
  for (const piece of pieces) {
    const inserted = "insert" in piece;
    const content = inserted ? piece.insert : text.slice(piece.start, piece.end);
    if (content === "") continue;
    const written = placeOf(inserted ? piece.at : piece.start);
    starts.push({ runs: [line, column], written, inserted });
    out.push(content);
    const lineEnd = content.lastIndexOf("\n");
    line += content.split("\n").length - 1;
    column = lineEnd < 0 ? column + content.length : content.length - lineEnd;
  }
  return { text: out.join(""), pieces: starts };
}
