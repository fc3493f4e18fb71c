import { reportHead } from "../../training/report_page.ts";
import { escape } from "../../display/svg.ts";
import type { Heading } from "./markdown.ts";
import { relativeTo } from "./site.ts";
import { STYLE } from "./style.ts";

/** A page of the book to link to. */
export interface PageLink {
  path: string;
  title: string;
}

/** What a page is made of. */
export interface BookPage {
  path: string;
  title: string;
  /** HTML of its text. */
  body: string;
  /** Sections for the list of contents; none: no list. */
  headings?: readonly Heading[];
  before?: PageLink | undefined;
  after?: PageLink | undefined;
  /** All pages of the course, for the line on top. */
  course: readonly PageLink[];
}

/** Name of the whole book. */
export const BOOK_TITLE = "Train your own text-to-image model";

/** A page of the book, readable without its script, which only marks where one is. */
export function bookPage(page: BookPage): string {
  const { path, title, body, headings = [], before, after } = page;
  const list = contentsList(headings);
  return `${reportHead(path === "index.html" ? title : `${title} · ${BOOK_TITLE}`, STYLE)}
<body${list ? ' class="with-contents"' : ""}>
<a class="skip" href="#text">To the text</a>
${topLine(page)}
${list ? `<nav class="contents side" aria-label="On this page">${list}</nav>` : ""}
<main id="text">
${list ? foldedContents(list) : ""}
${body}
${steps(path, before, after)}
</main>
<script>${SHOW_CHAPTER}${list ? MARK_SECTION : ""}</script>
</body>
</html>
`;
}

function topLine({ path, course }: BookPage): string {
  const links = course.map((page) => {
    const here = page.path === path ? ' aria-current="page"' : "";
    return `<a href="${relativeTo(path, page.path)}"${here}>${escape(page.title)}</a>`;
  });
  return `<nav class="top" aria-label="The course">${links.join("")}</nav>`;
}

function contentsList(headings: readonly Heading[]): string {
  const items = headings.filter(({ level }) => level === 2)
    .map(({ id, text }) => `<li><a href="#${id}">${text}</a></li>`);
  return items.length > 2 ? `<ol>${items.join("")}</ol>` : "";
}

function foldedContents(list: string): string {
  return `<details class="contents folded"><summary>On this page</summary>${list}</details>`;
}

function steps(path: string, before: PageLink | undefined, after: PageLink | undefined): string {
  if (!before && !after) return "";
  const link = (page: PageLink | undefined, word: string, kind: string) =>
    page
      ? `<a class="${kind}" rel="${kind}" href="${relativeTo(path, page.path)}">` +
        `<small>${word}</small>${escape(page.title)}</a>`
      : "<span></span>";
  return `<nav class="steps" aria-label="Before and after">${link(before, "Before", "prev")}${
    link(after, "Next", "next")
  }</nav>`;
}

/** Brings the chapter's name into view on small screens. */
const SHOW_CHAPTER =
  `document.querySelector("nav.top [aria-current]")?.scrollIntoView({inline:"center",block:"nearest"})`;

/** Marks the section that is being read in the list of contents. */
const MARK_SECTION = `
{const links=[...document.querySelectorAll("nav.contents a")];
const parts=links.map(a=>document.getElementById(decodeURIComponent(a.hash.slice(1))));
const mark=()=>{let at=-1;parts.forEach((p,i)=>{if(p&&p.getBoundingClientRect().top<140)at=i});
links.forEach((a,i)=>i===at?a.setAttribute("aria-current","true"):a.removeAttribute("aria-current"))};
let asked=false;
addEventListener("scroll",()=>{if(asked)return;asked=true;requestAnimationFrame(()=>{asked=false;mark()})},{passive:true});
mark()}`;
