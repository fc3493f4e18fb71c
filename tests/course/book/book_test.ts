import { assert, assertEquals } from "@std/assert";
import { dirname, posix } from "node:path";
import { readCourseMap } from "@course/course/book/course_map.ts";
import { makeBook } from "@course/course/book/make_book.ts";

const map = await readCourseMap(), files = await makeBook(map);
const pages = new Map(
  [...files].filter((entry): entry is [string, string] => entry[0].endsWith(".html")),
);
const idsOf = new Map(
  [...pages].map(([path, html]) => [path, attributes(html, "id")] as const),
);

Deno.test("every address in the book leads to a file and a place that are there, or to a paper on the web", () => {
  const wrong: string[] = [];
  for (const [page, html] of pages) {
    for (const href of [...attributes(html, "href"), ...attributes(html, "src")]) {
      if (href.startsWith("https://")) continue;
      const [path = "", fragment] = href.split("#");
      const target = path === "" ? page : posix.join(dirname(page), decodeURI(path));
      if (!files.has(target)) wrong.push(`${page}: ${href}`);
      else if (fragment && !idsOf.get(target)?.includes(decodeURIComponent(fragment))) {
        wrong.push(`${page}: ${href}, there is no such place`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("pages need no network: pictures are files of the book, and nothing is loaded from elsewhere", () => {
  for (const [page, html] of pages) {
    const sources = attributes(html, "src");
    assertEquals(sources.filter((source) => /^(data:|https?:|\/)/.test(source)), [], page);
    assert(!/<script[^>]* src=|<link\b|@import|url\(/.test(html), page);
  }
});

Deno.test("every picture has words for those who cannot see it, and every page one heading and a title", () => {
  for (const [page, html] of pages) {
    for (const [image] of html.matchAll(/<img\b[^>]*>/g)) {
      assert(/ alt="[^"]+"/.test(image), `${page}: ${image.slice(0, 200)}`);
    }
    assertEquals(html.match(/<h1\b/g)?.length, 1, page);
    assert(/<title>[^<]+<\/title>/.test(html), page);
    const ids = idsOf.get(page)!;
    assertEquals(ids.filter((id, i) => ids.indexOf(id) !== i), [], page);
  }
});

Deno.test("every exercise has its hints and its solution folded beside it", () => {
  for (const { lesson, exercises } of map) {
    const html = pages.get(`${lesson.name}.html`)!;
    const sections = html.split('<section class="exercise">').slice(1)
      .map((section) => section.split("</section>")[0]!);
    assertEquals(sections.length, exercises.length);
    sections.forEach((section, i) => {
      const { id, name, hints } = exercises[i]!;
      assert(section.includes(`Exercise ${id}`), id);
      const [open, ...folded] = section.split("<details>");
      assertEquals(folded.length, hints.length + 1, id);
      assert(open!.includes("todo"), `${id}: the stub is shown`);
      assert(folded.at(-1)!.includes(name), `${id}: the solution is folded`);
    });
  }
});

Deno.test("each notebook shows its chain and its pictures", () => {
  for (const { lesson, notebook } of map) {
    const html = pages.get(`${lesson.name}.html`)!;
    const drawn = notebook.cells.flatMap(({ outputs = [] }) => outputs).filter((output) =>
      output.output_type === "display_data" && "image/png" in output.data
    );
    if (drawn.length > 0) assert(html.includes('alt="The chain row → vectors'), lesson.name);
    assert(html.split("<img").length > drawn.length, lesson.name);
  }
});

Deno.test("the front page leads to every notebook and says how long each takes", () => {
  const front = pages.get("index.html")!;
  for (const { lesson, reading } of map) {
    assert(front.includes(`href="${lesson.name}.html"`), lesson.name);
    assert(front.includes(reading), `${lesson.name}: ${reading}`);
  }
  assert(front.includes("What you will have made"));
});

Deno.test("chapters follow each other from the front page to the glossary", () => {
  const order = ["index.html", ...map.map(({ lesson }) => `${lesson.name}.html`), "glossary.html"];
  order.forEach((page, i) => {
    const html = pages.get(page)!;
    const linked = (rel: string) => new RegExp(`rel="${rel}" href="([^"]*)"`).exec(html)?.[1];
    assertEquals(linked("prev"), order[i - 1]);
    assertEquals(linked("next"), order[i + 1]);
  });
});

Deno.test("no page names a folder of the machine it was made on", () => {
  const root = new URL("../../../", import.meta.url).pathname;
  for (const [page, html] of pages) assert(!html.includes(root), page);
});

function attributes(html: string, name: string): string[] {
  // Code in pages holds no such attributes: its quotes are escaped.
  return [...html.matchAll(new RegExp(`<[a-z][^>]*? ${name}="([^"]*)"`, "g"))].map(([, value]) =>
    value!.replaceAll("&amp;", "&").replaceAll("&#39;", "'")
  );
}
