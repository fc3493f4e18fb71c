import { Marked, type Tokens } from "marked";
import { escape } from "../../display/svg.ts";
import { codeBlock } from "./code.ts";
import { findTerm, idOf, type Term } from "./glossary.ts";
import { isFormula, setMathematics, setMathematicsBetweenTags } from "./mathematics.ts";

/** What Markdown becomes HTML with. */
export interface MarkdownContext {
  /** An address as it stands in the file → as it is to stand in the page. */
  link(href: string): string;
  /** Terms whose first mention becomes a link to the glossary. */
  terms: readonly Term[];
  /** Address of the glossary's page as it is to stand in the page; none on that page itself. */
  glossary: string;
  /** Ids of terms that were linked already; grows. */
  linked: Set<string>;
  /** Ids of headings that are taken; grows. */
  ids: Set<string>;
  /** Hears of every heading. */
  onHeading?: (heading: Heading) => void;
}

/** A heading of a page. */
export interface Heading {
  level: number;
  /** HTML. */
  text: string;
  id: string;
}

/** Shorter names are everyday words as well and are linked only where they are set off. */
const SHORTEST = 7;

/** Markdown as HTML: headings with addresses, code in colours, mathematics, wide tables that scroll, terms linked. */
export function markdownHtml(markdown: string, context: MarkdownContext): string {
  let quiet = 0;
  const quietly = (write: () => string) => {
    quiet++;
    try {
      return write();
    } finally {
      quiet--;
    }
  };
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const text = quietly(() => this.parser.parseInline(tokens));
        const id = freeId(headingId(text), context.ids);
        context.onHeading?.({ level: depth, text, id });
        return `<h${depth} id="${id}">${text}</h${depth}>\n`;
      },
      paragraph({ tokens, raw }: Tokens.Paragraph): string {
        const text = this.parser.parseInline(tokens);
        const [, heading] = /^\*\*([^*]+)\*\*: /.exec(raw) ?? [];
        const isEntry = context.glossary === "" && heading !== undefined;
        const kind = isEntry
          ? ` class="entry" id="${freeId(idOf(heading), context.ids)}"`
          : isFormula(text)
          ? ' class="formula"'
          : "";
        return `<p${kind}>${text}</p>\n`;
      },
      code({ text, lang = "" }: Tokens.Code): string {
        return codeBlock(text, lang);
      },
      link({ href, tokens }: Tokens.Link): string {
        const text = quietly(() => this.parser.parseInline(tokens));
        return `<a href="${escape(context.link(href))}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image): string {
        return `<img src="${escape(context.link(href))}" alt="${escape(text)}" loading="lazy">`;
      },
      strong({ tokens, text }: Tokens.Strong): string {
        return setOff("strong", text, quietly(() => this.parser.parseInline(tokens)));
      },
      em({ tokens, text }: Tokens.Em): string {
        return setOff("em", text, quietly(() => this.parser.parseInline(tokens)));
      },
      table(token: Tokens.Table): string {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${
            cells.map(({ tokens, align }) =>
              `<${tag}${align === "right" ? ' class="number"' : ""}>${
                quietly(() => this.parser.parseInline(tokens))
              }</${tag}>`
            ).join("")
          }</tr>`;
        return `<div class="scroll"><table><thead>${row(token.header, "th")}</thead><tbody>${
          token.rows.map((cells) => row(cells, "td")).join("\n")
        }</tbody></table></div>\n`;
      },
      text(token: Tokens.Text | Tokens.Escape): string {
        if ("tokens" in token && token.tokens) return this.parser.parseInline(token.tokens);
        const html = setMathematics(escape(token.text));
        return quiet > 0 ? html : linkTerms(html, context);
      },
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        return setMathematicsBetweenTags(text).replaceAll(
          /(<(?:img|a)\b[^>]*?\b(?:src|href)=")([^"]*)"/g,
          (_, before: string, href: string) => `${before}${escape(context.link(href))}"`,
        );
      },
    },
  });

  /** Bold or italic words, linked to the glossary where they are one of its terms. */
  function setOff(tag: string, words: string, html: string): string {
    // The glossary's own headings are bold.
    const isEntry = tag === "strong" && context.glossary === "";
    const term = quiet > 0 || isEntry ? undefined : findTerm(context.terms, words);
    if (!term || (context.glossary !== "" && context.linked.has(term.id))) {
      return `<${tag}>${html}</${tag}>`;
    }
    context.linked.add(term.id);
    return `<${tag}>${termLink(term, html, context)}</${tag}>`;
  }

  return marked.parse(markdown, { async: false });
}

/** Links the first mention of each term in plain text. */
function linkTerms(html: string, context: MarkdownContext): string {
  if (context.glossary === "") return html;
  // Longer names first, so that "cross-attention" is not taken for attention.
  const names = context.terms.filter(({ id }) => !context.linked.has(id))
    .flatMap((term) => term.names.map((name) => ({ term, name: escape(name) })))
    .filter(({ name }) => name.length >= SHORTEST)
    .sort((a, b) => b.name.length - a.name.length);
  for (const { term, name } of names) {
    if (context.linked.has(term.id)) continue;
    const pattern = new RegExp(`(?<![\\w-])${RegExp.escape(name)}s?(?![\\w-])`, "i");
    const parts = html.split(/(<a\b.*?<\/a>|<[^>]*>)/);
    const i = parts.findIndex((part) => !part.startsWith("<") && pattern.test(part));
    if (i < 0) continue;
    parts[i] = parts[i]!.replace(pattern, (found) => termLink(term, found, context));
    context.linked.add(term.id);
    html = parts.join("");
  }
  return html;
}

function termLink({ id, meaning }: Term, html: string, { glossary }: MarkdownContext): string {
  const title = meaning.length > 220 ? `${meaning.slice(0, 218)} …` : meaning;
  return `<a class="term" href="${glossary}#${id}" title="${escape(title)}">${html}</a>`;
}

/** As GitHub makes them, so that links into pages hold here too. */
function headingId(html: string): string {
  return html.replaceAll(/<[^>]*>|&[#\w]+;/g, "").toLowerCase().trim()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

function freeId(id: string, taken: Set<string>): string {
  let free = id || "part";
  for (let i = 1; taken.has(free); i++) free = `${id}-${i}`;
  taken.add(free);
  return free;
}
