import { notebookPath } from "../lessons/lesson_files.ts";
import { readSolutions } from "../solutions.ts";
import { chapterBody } from "./chapter.ts";
import type { NotebookFacts } from "./course_map.ts";
import { chapterPath, frontBody } from "./front_page.ts";
import { readTerms, type Term } from "./glossary.ts";
import { type Heading, type MarkdownContext, markdownHtml } from "./markdown.ts";
import { BOOK_TITLE, bookPage, type PageLink } from "./page.ts";
import { repositoryPage } from "./repository_pages.ts";
import { openSite, relativeTo, rewriteLink, type Site } from "./site.ts";

/** The repository. */
const ROOT = new URL("../../../", import.meta.url);

const FRONT = "index.html", GLOSSARY = "glossary.html", GLOSSARY_FILE = "docs/glossary.md";

/**
 * All files of the book by their paths: the front page, a page for each notebook, the glossary, and every file of
 * the repository that one of these points to. Throws an Error that lists links that lead nowhere.
 */
export async function makeBook(
  map: readonly NotebookFacts[],
): Promise<Map<string, string | Uint8Array>> {
  const terms = readTerms(await Deno.readTextFile(new URL(GLOSSARY_FILE, ROOT)));
  const site = openSite(
    new Map([
      ...map.map((facts) => [notebookPath(facts.lesson), chapterPath(facts)] as const),
      [GLOSSARY_FILE, GLOSSARY],
      ["notebooks", FRONT],
    ]),
  );
  const course: PageLink[] = [
    { path: FRONT, title: "The course" },
    ...map.map((facts) => ({
      path: chapterPath(facts),
      title: `${facts.number} ${facts.title}`,
    })),
    { path: GLOSSARY, title: "Glossary" },
  ];
  const neighbours = (path: string) => {
    const i = course.findIndex((page) => page.path === path);
    return { before: course[i - 1], after: course[i + 1] };
  };
  const contextFor = contextMaker(site, terms);

  const front = frontBody(map, site, contextFor("notebooks/front", FRONT));
  site.files.set(
    FRONT,
    bookPage({ path: FRONT, title: BOOK_TITLE, body: front, course, ...neighbours(FRONT) }),
  );
  for (const facts of map) {
    const path = chapterPath(facts), solutions = await readSolutions(facts.lesson);
    const { body, headings } = chapterBody({
      facts,
      solutions,
      site,
      page: path,
      terms,
      glossary: relativeTo(path, GLOSSARY),
    });
    const title = `${facts.number} · ${facts.title}`;
    site.files.set(path, bookPage({ path, title, body, headings, course, ...neighbours(path) }));
  }
  const headings: Heading[] = [];
  const glossary = markdownHtml(
    await Deno.readTextFile(new URL(GLOSSARY_FILE, ROOT)),
    contextFor(GLOSSARY_FILE, GLOSSARY, (heading) => headings.push(heading)),
  );
  site.files.set(
    GLOSSARY,
    bookPage({
      path: GLOSSARY,
      title: "Glossary",
      body: glossary,
      headings,
      course,
      ...neighbours(GLOSSARY),
    }),
  );
  await addWanted(site, course, contextFor);
  return site.files;
}

/** Adds the pages that links ask for, and those that the links on these ask for, until nothing is asked for. */
async function addWanted(site: Site, course: readonly PageLink[], contextFor: ContextMaker) {
  const problems: string[] = [];
  while (site.wanted.size > 0) {
    const [[path, page]] = site.wanted as unknown as [[string, string]];
    site.wanted.delete(path);
    try {
      const made = await repositoryPage(path, {
        root: ROOT,
        site,
        page,
        contextFor: (from, onHeading) => contextFor(from, page, onHeading),
      });
      site.files.set(
        page,
        made instanceof Uint8Array ? made : bookPage({ path: page, course, ...made }),
      );
    } catch (error) {
      // Asked for once is enough.
      site.files.set(page, "");
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) {
    throw new Error(`Links of the book lead nowhere:\n  ${problems.join("\n  ")}`);
  }
}

type ContextMaker = (
  from: string,
  page: string,
  onHeading?: (heading: Heading) => void,
) => MarkdownContext;

/** Contexts for Markdown that stands in the file `from` and is set on `page`. */
function contextMaker(site: Site, terms: readonly Term[]): ContextMaker {
  return (from, page, onHeading = () => {}) => ({
    link: (href) => rewriteLink(site, href, from, page),
    // Chapters link their terms; other pages are for looking things up.
    terms: page === GLOSSARY ? terms : [],
    glossary: page === GLOSSARY ? "" : relativeTo(page, GLOSSARY),
    linked: new Set(),
    ids: new Set(["text"]),
    onHeading,
  });
}
