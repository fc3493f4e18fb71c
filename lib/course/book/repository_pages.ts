import { extname } from "node:path";
import { escapeHtml } from "../highlight.ts";
import { codeBlock } from "./code.ts";
import { type Heading, type MarkdownContext, markdownHtml } from "./markdown.ts";
import { relativeTo, type Site } from "./site.ts";

/** A page about a file or a folder that a chapter points to. */
export interface RepositoryPage {
  title: string;
  body: string;
  headings: Heading[];
}

/** Endings of files that can be read as text. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ".ts": "ts",
  ".js": "ts",
  ".json": "text",
  ".txt": "text",
  ".py": "text",
  ".toml": "text",
};

const PICTURE = /\.(png|svg|jpe?g|webp|gif)$/;

/** How a Markdown file of the repository is to be set on its page. */
export type ContextFor = (
  path: string,
  onHeading: (heading: Heading) => void,
) => MarkdownContext;

/**
 * The content of what a chapter points to: a picture's bytes, or a page with a text, with code, or with the list of
 * a folder. Throws an Error if there is nothing at that path.
 */
export async function repositoryPage(
  path: string,
  place: { root: URL; site: Site; page: string; contextFor: ContextFor },
): Promise<Uint8Array | RepositoryPage> {
  const url = new URL(path, place.root);
  const info = await Deno.stat(url).catch(() => undefined);
  if (!info) throw new Error(`There is no ${path}`);
  if (info.isDirectory) return await folderPage(path, place);
  if (PICTURE.test(path)) return await Deno.readFile(url);
  const text = await Deno.readTextFile(url);
  if (path.endsWith(".md")) {
    const headings: Heading[] = [];
    const body = markdownHtml(text, place.contextFor(path, (heading) => headings.push(heading)));
    const [, title = path] = /^# (.+)$/m.exec(text) ?? [];
    return { title, body, headings };
  }
  const language = LANGUAGES[extname(path)];
  if (!language) throw new Error(`${path} cannot be shown on a page`);
  const body = `<h1><code>${path}</code></h1>\n${codeBlock(text.trimEnd(), language)}`;
  return { title: path, body, headings: [] };
}

/** What lies in a folder: its README if it has one, else the files, with pages for those that can be read. */
async function folderPage(
  path: string,
  { root, site, page, contextFor }: {
    root: URL;
    site: Site;
    page: string;
    contextFor: ContextFor;
  },
): Promise<RepositoryPage> {
  const entries = (await Array.fromAsync(Deno.readDir(new URL(`${path}/`, root))))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const headings: Heading[] = [];
  const readme = entries.some(({ name }) => name === "README.md")
    ? markdownHtml(
      await Deno.readTextFile(new URL(`${path}/README.md`, root)),
      contextFor(`${path}/README.md`, (heading) => headings.push(heading)),
    )
    : `<h1><code>${path}</code></h1>`;
  const items = entries.filter(({ name }) => !name.startsWith(".")).map(({ name, isDirectory }) => {
    if (isDirectory || !LANGUAGES[extname(name)]) {
      return `<li><code>${escapeHtml(name)}${isDirectory ? "/" : ""}</code></li>`;
    }
    const href = relativeTo(page, site.pageOf(`${path}/${name}`));
    return `<li><a href="${href}"><code>${escapeHtml(name)}</code></a></li>`;
  });
  return { title: path, body: `${readme}\n<ul>${items.join("\n")}</ul>`, headings };
}
