import { createHash } from "node:crypto";

/** How bytes reach a file; tests put a full disk in its place. */
export type WriteBytes = (file: Deno.FsFile, bytes: Uint8Array) => Promise<number>;

/** Options of everything that writes. */
export interface WriteOptions {
  write?: WriteBytes | undefined;
}

/** Bytes that are written, read or hashed at once: short enough that nothing else waits for it. */
const PIECE = 1 << 20;

/**
 * Writes a whole file or none: under a temporary name first, flushed to the disk, then renamed. A reader, or a
 * run that was killed, never sees half of it.
 */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const temporary = `${path}.writing`;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    await writeParts(temporary, [bytes], options);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw explainDiskError(error, `write ${path}`);
  }
}

/** Writes parts one after another and flushes them to the disk; returns their SHA-256 and length. */
export async function writeParts(
  path: string,
  parts: readonly Uint8Array[],
  { write = (file, bytes) => file.write(bytes) }: WriteOptions = {},
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  try {
    for (const part of parts) {
      for (let start = 0; start < part.length; start += PIECE) {
        const piece = part.subarray(start, start + PIECE);
        hash.update(piece);
        for (let done = 0; done < piece.length;) {
          done += await write(file, piece.subarray(done));
        }
        bytes += piece.length;
      }
    }
    await file.sync();
  } finally {
    file.close();
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** Reads a file in pieces; returns its bytes and their SHA-256. */
export async function readHashed(
  path: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sha256: string }> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  const hash = createHash("sha256");
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled, filled + PIECE));
    if (count === null) break;
    hash.update(bytes.subarray(filled, filled + count));
    filled += count;
  }
  return { bytes: bytes.subarray(0, filled), sha256: hash.digest("hex") };
}

/** SHA-256 of a text. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Throws a sentence unless files can be made in the folder, which is created if it is not there. */
export async function checkWritable(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    const probe = await Deno.makeTempFile({ dir: folder, prefix: ".writable-" });
    await Deno.remove(probe);
  } catch (error) {
    throw explainDiskError(error, `write into ${folder}`);
  }
}

/** Removes files and folders; what is not there is no error. */
export async function removeAll(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Something that could not be written. */
export class DiskError extends Error {
  override name = "DiskError";
}

/** The error as one sentence that says what could not be done, and what would help. */
export function explainDiskError(error: unknown, action: string): DiskError {
  const { code, message } = error as { code?: string; message: string };
  const reason = code === "ENOSPC" || /no space left/i.test(message)
    ? "the disk is full; free some space"
    : code === "EDQUOT"
    ? "the disk quota is used up; free some space"
    : error instanceof Deno.errors.PermissionDenied || code === "EACCES" || code === "EROFS"
    ? "it is not writable; choose another folder with --out, or change its permissions"
    : error instanceof Deno.errors.NotCapable
    ? "the command may write below runs/ only, prepared data below datasets/; name a place there"
    : code === "ENOTDIR" || code === "EEXIST" || error instanceof Deno.errors.AlreadyExists
    ? "a part of that path is a file, not a folder"
    : message;
  return new DiskError(`Cannot ${action}: ${reason}`, { cause: error });
}
