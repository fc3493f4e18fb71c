/**
 * Breaks a text between words into lines no wider than `most`, where that is possible: a longer word stays whole.
 * `widthOf` measures a text in the same unit.
 */
export function wrapWords(
  text: string,
  most: number,
  widthOf: (text: string) => number,
): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && widthOf(longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
