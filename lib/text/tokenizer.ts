/**
 * Text to numbers. A text is cut into words; a word that the vocabulary has is one token, any other is spelled with the
 * longest pieces that it has, down to single letters: no text is an error.
 *
 * A piece that goes on inside a word is written with `##`, as in WordPiece (Wu et al. 2016): "horseman" becomes
 * `horse ##m ##an`.
 */

/** Tokens that are no text: padding, a character that is unknown, start and end of a text. Their ids are 0 … 3. */
export const SPECIAL_TOKENS = ["<pad>", "<unknown>", "<start>", "<end>"] as const;
const [PAD, UNKNOWN, START, END] = [0, 1, 2, 3];

/** Marks pieces that do not begin a word. */
const INSIDE = "##";
/** No piece is longer, so that spelling takes a time in proportion to the text. */
const LONGEST_PIECE = 24;
const CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A vocabulary at work. */
export interface Tokenizer {
  /** Tokens by id. */
  readonly vocabulary: readonly string[];
  /** Tokens per text, L. */
  readonly length: number;
  /** The tokens of a text, without start and end, however many there are. */
  tokenize(text: string, options?: SpellingOptions): string[];
  /**
   * Ids `[B, L]`: start, the text, end, then padding (0). A text that is too long is cut before its end.
   */
  encode(texts: readonly string[], options?: SpellingOptions): Int32Array<ArrayBuffer>;
}

/** Options of {@linkcode Tokenizer}. */
export interface SpellingOptions {
  /**
   * Longest piece that a word may be spelled with, asked for each word; 0 takes the word as it is. In training some
   * words are spelled on purpose, so that pieces learn what they stand for (Provilkov et al. 2020).
   */
  spell?: (word: string) => number;
}

/** Makes a tokenizer; throws a RangeError if the vocabulary does not begin with the special tokens. */
export function createTokenizer(vocabulary: readonly string[], length: number): Tokenizer {
  if (SPECIAL_TOKENS.some((token, id) => vocabulary[id] !== token)) {
    throw new RangeError(
      `Cannot use a vocabulary that begins with ${vocabulary.slice(0, 4).join(", ")}: ` +
        `expected ${SPECIAL_TOKENS.join(", ")}`,
    );
  }
  if (!(Number.isSafeInteger(length) && length >= 3)) {
    throw new RangeError(`Cannot tokenize into ${length} tokens: expected a whole number from 3`);
  }
  const ids = new Map(vocabulary.map((token, id) => [token, id]));

  function tokens(text: string, most: number, { spell = () => 0 }: SpellingOptions): string[] {
    const found: string[] = [];
    for (const word of splitWords(text)) {
      const longest = spell(word);
      found.push(...longestMatch(word, longest > 0 ? limited(ids, longest) : ids));
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  }

  return {
    vocabulary,
    length,
    tokenize: (text, options = {}) => tokens(text, Infinity, options),
    encode(texts, options = {}) {
      const rows = new Int32Array(texts.length * length).fill(PAD!);
      texts.forEach((text, row) => {
        const pieces = tokens(text, length - 2, options).map((token) => ids.get(token) ?? UNKNOWN!);
        rows.set([START!, ...pieces, END!], row * length);
      });
      return rows;
    },
  };
}

/**
 * The words of a text in small letters, without accents and punctuation: runs of letters and digits. Any other sign,
 * such as an emoji, is a word by itself.
 */
export function* splitWords(text: string): Generator<string> {
  // NFKD takes letters and their accents apart; the accents are then dropped.
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+|[^\s\p{P}\p{C}]/gu)) yield word;
}

/**
 * Spells a word with pieces of a vocabulary: from the left, always the longest that fits. A character that the
 * vocabulary has not becomes `<unknown>`.
 */
export function longestMatch(word: string, vocabulary: Pick<Set<string>, "has">): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < word.length;) {
    const mark = start > 0 ? INSIDE : "";
    let end = Math.min(word.length, start + LONGEST_PIECE);
    while (end > start && !vocabulary.has(mark + word.slice(start, end))) end--;
    if (end > start) {
      pieces.push(mark + word.slice(start, end));
    } else {
      pieces.push(SPECIAL_TOKENS[UNKNOWN!]!);
      end = start + String.fromCodePoint(word.codePointAt(start)!).length;
    }
    start = end;
  }
  return pieces;
}

/**
 * The vocabulary of some texts: the special tokens, letters and digits, the pieces that would save most tokens if
 * words were spelled, and all words; always in the same order for the same words.
 */
export function buildVocabulary(
  texts: Iterable<string>,
  { pieces = 256 }: { pieces?: number } = {},
): string[] {
  const words = new Set<string>();
  for (const text of new Set(texts)) for (const word of splitWords(text)) words.add(word);
  const known = [...words].filter((word) => word.length <= LONGEST_PIECE).sort();
  const characters = [...CHARACTERS].flatMap((character) => [character, INSIDE + character]);
  return [
    ...new Set([...SPECIAL_TOKENS, ...characters, ...commonPieces(known, pieces), ...known]),
  ];
}

/** The parts of words, of 2 to 4 characters, that save most: times they occur × characters beyond the first. */
function commonPieces(words: readonly string[], count: number): string[] {
  const savings = new Map<string, number>();
  for (const word of words) {
    for (let start = 0; start < word.length; start++) {
      for (let size = 2; size <= 4 && start + size <= word.length; size++) {
        const piece = (start > 0 ? INSIDE : "") + word.slice(start, start + size);
        savings.set(piece, (savings.get(piece) ?? 0) + size - 1);
      }
    }
  }
  // Equal savings in alphabetical order, so that the order of words does not matter.
  return [...savings].filter(([, saved]) => saved > 1)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, count).map(([piece]) => piece);
}

/** The vocabulary without pieces above some length. */
function limited(ids: Map<string, number>, longest: number): Pick<Set<string>, "has"> {
  return {
    has: (token) => ids.has(token) && token.length <= longest + (token.startsWith(INSIDE) ? 2 : 0),
  };
}
