import { callingCell, Interrupted } from "./cells.ts";

/** Line and column, both from 1, of an `await` in a cell. */
export type Place = [cell: number, line: number, column: number];

/** Awaits of cells through which an error came, the innermost first. */
const passed = new WeakMap<object, Place[]>();

/** After being stopped this often, a cell that catches and goes on is left waiting for good. */
const REFUSALS = 100;

/** What `await value` in a cell becomes: the same, but ends when the cell is stopped. */
export async function wait<T>(value: T | PromiseLike<T>, line: number, column: number): Promise<T> {
  const cell = callingCell();
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  try {
    if (cell.refuses) {
      if (cell.refusals++ > REFUSALS) {
        return await new Promise<never>(() => {});
      }
      Promise.resolve(value).catch(() => {});
      throw cell.interrupted;
    }
    cell.waiting.add(reject);
    return await Promise.race([value, promise]);
  } catch (error) {
    if (typeof error === "object" && error !== null) {
      const places = passed.get(error) ?? [];
      const known = places.some((place) => place[0] === cell.number && place[1] === line);
      if (!known) passed.set(error, [...places, [cell.number, line, column]]);
    }
    throw error;
  } finally {
    cell.waiting.delete(reject);
  }
}

/** What the iterable of a `for await` loop in a cell becomes: the same, but ends when the cell is stopped. */
export function each<T>(
  iterable: AsyncIterable<T> | Iterable<T | PromiseLike<T>>,
  line: number,
  column: number,
): AsyncIterable<T> {
  const asynchronous = (iterable as Partial<AsyncIterable<T>>)[Symbol.asyncIterator];
  if (!asynchronous && !(iterable as Iterable<T>)[Symbol.iterator]) {
    throw new TypeError(`The value after "of" cannot be iterated over: ${String(iterable)}`);
  }
  return {
    [Symbol.asyncIterator](): AsyncIterator<T> {
      const iterator = asynchronous
        ? asynchronous.call(iterable)
        : (iterable as Iterable<T>)[Symbol.iterator]();
      const next = async (): Promise<IteratorResult<T>> => {
        const result = await iterator.next();
        return asynchronous || result.done ? result : { value: await result.value };
      };
      const release = async (value?: unknown): Promise<IteratorResult<T>> => {
        const result = await iterator.return?.(value);
        return result ?? { done: true, value: undefined };
      };
      return {
        async next() {
          try {
            return await wait(next(), line, column);
          } catch (error) {
            if (error instanceof Interrupted) release().catch(() => {});
            throw error;
          }
        },
        return: release,
      };
    },
  };
}

/** The awaits that an error has come through. */
export function placesOf(error: unknown): Place[] {
  return (typeof error === "object" && error !== null && passed.get(error)) || [];
}
