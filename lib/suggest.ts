/**
 * The candidate that someone who typed `word` most likely meant, or undefined if none is near.
 *
 * Near means: at most a third of the letters typed wrong (Damerau–Levenshtein), or, for dotted
 * names, the last part written alone (`lr` for `optimizer.lr`).
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined, smallest = Infinity;
  const typed = word.toLowerCase();
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const distance = name.endsWith(`.${typed}`) || (typed.length > 2 && name.startsWith(typed))
      ? 0.5
      : editDistance(typed, name);
    if (distance < smallest) [smallest, best] = [distance, candidate];
  }
  return smallest <= Math.max(1, Math.ceil(word.length / 3)) ? best : undefined;
}

/** How many single letters must be added, removed, replaced or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  // Three rows of the table: the one being filled and the two above it.
  let above: number[] = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const twoAbove = above;
    above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(changed, above[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, twoAbove[j - 2]! + 1);
      }
    }
  }
  return row[b.length]!;
}
