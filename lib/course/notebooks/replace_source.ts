/**
 * A notebook's text with another source in one cell (`index` from 0): every other byte stays as it is.
 * Throws a RangeError if there is no such cell.
 */
export function replaceSource(text: string, index: number, source: string): string {
  const cells = memberOf(text, skipBlank(text, 0), "cells");
  const cell = cells === undefined ? undefined : elementOf(text, cells, index);
  const start = cell === undefined ? undefined : memberOf(text, cell, "source");
  if (start === undefined) {
    throw new RangeError(`The notebook has no cell ${index + 1} with a source`);
  }
  return text.slice(0, start) + sourceLike(text, start, source) + text.slice(endOf(text, start));
}

/** The source as JSON, laid out as what it replaces: a string, or a list with a line in each row. */
function sourceLike(text: string, start: number, source: string): string {
  if (text[start] !== "[") return JSON.stringify(source);
  const lines = source === "" ? [] : source.split(/(?<=\n)/);
  // From the list's end, which is there in an empty list too, to what stands before it in its row.
  const indent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(text.slice(0, start))?.[1];
  const rows = text.slice(start, endOf(text, start)).includes("\n") || text.includes("\n");
  if (!rows || lines.length === 0) return JSON.stringify(lines);
  const step = /\n([ \t]+)/.exec(text)?.[1] ?? " ";
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return "[" + lines.map((line) => `${end}${indent}${step}${JSON.stringify(line)}`).join(",") +
    `${end}${indent}]`;
}

/** Where the value of a member of the object at `start` begins; the last, if there are several. */
function memberOf(text: string, start: number, name: string): number | undefined {
  let found: number | undefined;
  for (const at of itemsOf(text, start, "{")) {
    const end = endOf(text, at), value = skipBlank(text, skipBlank(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) found = value;
  }
  return found;
}

/** Where an element of the list at `start` begins. */
function elementOf(text: string, start: number, index: number): number | undefined {
  let i = 0;
  for (const at of itemsOf(text, start, "[")) if (i++ === index) return at;
  return undefined;
}

/** Where the elements of a list, or the names of an object's members, begin. */
function* itemsOf(text: string, start: number, kind: "[" | "{"): Generator<number> {
  if (text[start] !== kind) return;
  let at = skipBlank(text, start + 1);
  while (at < text.length && text[at] !== "]" && text[at] !== "}") {
    yield at;
    let end = skipBlank(text, endOf(text, at));
    if (text[end] === ":") end = skipBlank(text, endOf(text, skipBlank(text, end + 1)));
    at = skipBlank(text, text[end] === "," ? end + 1 : end);
  }
}

/** Where the JSON value at `start` ends. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      for (at++; text[at] !== '"' && at < text.length; at++) if (text[at] === "\\") at++;
      if (depth === 0) return at + 1;
    } else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && /[,:\s]/.test(character)) return at;
  }
  return text.length;
}

function skipBlank(text: string, at: number): number {
  while (at < text.length && /[\s\uFEFF]/.test(text[at]!)) at++;
  return at;
}
