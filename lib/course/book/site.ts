import { dirname, posix } from "node:path";

/** A book under construction: its files by their paths, and what is still to be made. */
export interface Site {
  /** Path in the book → content. */
  files: Map<string, string | Uint8Array>;
  /** The page of the book for a path of the repository, asked for from a page; adds it to what is to be made. */
  pageOf(path: string): string;
  /** Paths of the repository whose pages were asked for and are not there yet. */
  wanted: Map<string, string>;
}

/** Paths of the repository that have a page of their own, by path: notebooks, the glossary, the README. */
export type OwnPages = ReadonlyMap<string, string>;

/** Begins a book in which some files of the repository have pages of their own. */
export function openSite(own: OwnPages): Site {
  const files = new Map<string, string | Uint8Array>(), wanted = new Map<string, string>();
  return {
    files,
    wanted,
    pageOf(path) {
      const known = own.get(path);
      if (known) return known;
      const page = pageName(path);
      if (!files.has(page)) wanted.set(path, page);
      return page;
    },
  };
}

/** Where a file of the repository lies in the book: pictures as they are, all others as a page. */
function pageName(path: string): string {
  if (/\.(png|svg|jpe?g|webp|gif)$/.test(path)) return `files/${path}`;
  return /\.[a-z]+$/i.test(path)
    ? `files/${path.replace(/\.md$/, "")}.html`
    : `files/${path}/index.html`;
}

/** An address as it is to stand in `page`, for a link that stands in the file `from` of the repository. */
export function rewriteLink(site: Site, href: string, from: string, page: string): string {
  if (/^(https?:|mailto:|#)/.test(href)) return href;
  const [path = "", fragment] = href.split("#");
  const target = posix.normalize(posix.join(dirname(from), decodeURI(path))).replace(/\/$/, "");
  return relativeTo(page, site.pageOf(target)) + (fragment ? `#${fragment}` : "");
}

/** The address of one page of the book, as it is to stand in another. */
export function relativeTo(page: string, other: string): string {
  return encodeURI(posix.relative(dirname(page), other));
}
