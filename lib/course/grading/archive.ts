import { Unzip, UnzipInflate } from "fflate";

/** A file of a submission, as it was handed in. */
export interface HandedIn {
  /** Where it lies in the submission; a label, nothing is ever written there. */
  path: string;
  bytes: Uint8Array;
}

/** How much of an archive is read. */
export interface ArchiveLimits {
  /** Files in it. */
  entries: number;
  /** Bytes of a file, unpacked. */
  file: number;
}

/** Bytes that may still be unpacked; several archives can share one. Becomes less by what is unpacked. */
export interface Budget {
  bytes: number;
}

const LIMITS: ArchiveLimits = { entries: 5000, file: 30e6 };
/** Bytes that are unpacked at once: they can become a thousand times as many. */
const PIECE = 4096;

/**
 * Unpacks the files of a zip archive whose paths are wanted, in memory. Never unpacks more than the limits and the
 * budget allow, whatever the archive says about itself; throws an Error of one sentence if it is more, or no archive.
 */
export function readArchive(
  bytes: Uint8Array,
  wanted: (path: string) => boolean,
  budget: Budget,
  limits: ArchiveLimits = LIMITS,
): HandedIn[] {
  // "PK": a file, or the end of an archive without files.
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Error("it is no zip archive");
  const files: HandedIn[] = [];
  let entries = 0, begun = 0, failure: Error | undefined;
  const fail = (message: string) => failure ??= new Error(message);

  const unzip = new Unzip((entry) => {
    if (++entries > limits.entries) return fail(`it holds more than ${limits.entries} files`);
    if (!wanted(entry.name)) return;
    begun++;
    const pieces: Uint8Array[] = [];
    let length = 0;
    entry.ondata = (error, piece, last) => {
      if (failure) return;
      if (error) return fail(`${entry.name} in it is damaged`);
      length += piece.length;
      budget.bytes -= piece.length;
      if (length > limits.file) return fail(`${entry.name} in it is ${tooLarge(limits.file)}`);
      if (budget.bytes < 0) return fail("too much is packed into it");
      pieces.push(piece);
      if (last) files.push({ path: entry.name, bytes: joined(pieces, length) });
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let start = 0; start < bytes.length && !failure; start += PIECE) {
      unzip.push(bytes.subarray(start, start + PIECE), start + PIECE >= bytes.length);
    }
  } catch {
    fail("it is damaged or cut off");
  }
  if (begun > files.length) fail("it is damaged or cut off");
  if (failure) throw failure;
  return files;
}

function tooLarge(bytes: number): string {
  return `larger than ${Math.round(bytes / 1e6)} MB`;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces) {
    all.set(piece, filled);
    filled += piece.length;
  }
  return all;
}
