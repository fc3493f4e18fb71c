/**
 * The stop button's flag, in memory that two threads share: a worker sets it while the cell's thread may be in
 * an endless loop that looks at it at every turn.
 */
export interface StopFlag {
  /** Element 0: whether to stop; 1: the number of the last request that was seen; 2: bytes of the message. */
  words: Int32Array<SharedArrayBuffer>;
}

const STOP = 0, SEEN = 1, LENGTH = 2, HEAD = 12, MESSAGE = 4096;

export function createStopFlag(): StopFlag {
  return { words: new Int32Array(new SharedArrayBuffer(HEAD + MESSAGE)) };
}

/** Sets the flag, unless the cell's thread has seen this request already. */
export function raise({ words }: StopFlag, request: number, message: string): void {
  const text = new TextEncoder().encode(message).subarray(0, MESSAGE);
  new Uint8Array(words.buffer, HEAD).set(text);
  Atomics.store(words, LENGTH, text.length);
  if (Atomics.load(words, SEEN) >= request) return;
  Atomics.store(words, STOP, 1);
  // It may have been seen in between, and then nobody would lower the flag again.
  if (Atomics.load(words, SEEN) >= request) Atomics.store(words, STOP, 0);
}

/** Lowers the flag for a request that has been seen. */
export function lower({ words }: StopFlag, request: number): void {
  Atomics.store(words, SEEN, request);
  Atomics.store(words, STOP, 0);
}

/** What the cell is told when it is stopped. */
export function messageOf({ words }: StopFlag): string {
  const bytes = new Uint8Array(words.buffer, HEAD, Atomics.load(words, LENGTH));
  return new TextDecoder().decode(bytes.slice());
}
