/** One entry of the glossary. */
export interface Term {
  /** Address within the glossary's page. */
  id: string;
  /** All ways to write it: "adaLN", "adaptive layer normalisation". */
  names: readonly string[];
  /** What it is, in plain text. */
  meaning: string;
}

const ENTRY = /^\*\*([^*]+)\*\*: ([^]+)$/;

/** The entries of the glossary's Markdown: paragraphs that begin with a term in bold and a colon. */
export function readTerms(markdown: string): Term[] {
  return markdown.split(/\n{2,}/).flatMap((paragraph) => {
    const [, heading, meaning] = ENTRY.exec(paragraph.trim()) ?? [];
    return heading && meaning
      ? [{ id: idOf(heading), names: namesOf(heading), meaning: plainText(meaning) }]
      : [];
  });
}

/** The address of the entry with this heading. */
export function idOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}

/** The term that a word or a group of words names, in singular or plural; capitals do not matter. */
export function findTerm(terms: readonly Term[], words: string): Term | undefined {
  const wanted = normal(words);
  return terms.find(({ names }) => names.some((name) => normal(name) === wanted));
}

/** "adaLN (adaptive layer normalisation)" and "class, label" are two names each; "(of a latent)" is none. */
function namesOf(heading: string): string[] {
  const [, inside] = /\(([^)]*)\)/.exec(heading) ?? [];
  const outside = heading.replaceAll(/\([^)]*\)/g, "").split(/,| and /);
  const more = inside && !/^(of|in|for) /.test(inside) ? [inside] : [];
  return [...outside, ...more].map((name) => name.trim()).filter((name) => name !== "");
}

function normal(words: string): string {
  return words.toLowerCase().trim().replaceAll("-", " ").replace(/(?<=[a-z]{3})s$/, "");
}

function plainText(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "")
    .replaceAll(/[`*]|(?<=^|\s)_|_(?=[\s.,;:]|$)/g, "").replaceAll(/\s+/g, " ").trim()
    .replace(/[,\s]+$/, "");
}
