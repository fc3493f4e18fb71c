import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readTerms } from "@course/course/book/glossary.ts";
import { type Heading, type MarkdownContext, markdownHtml } from "@course/course/book/markdown.ts";

const GLOSSARY = `# Glossary

**velocity**: the direction, v = x1 − x0. [path.ts](../lib/flow/path.ts)

**adaLN (adaptive layer normalisation)**: see _velocity_.

**row**: an example.
`;

function context(changes: Partial<MarkdownContext> = {}): MarkdownContext {
  return {
    link: (href) => `<${href}>`,
    terms: readTerms(GLOSSARY),
    glossary: "glossary.html",
    linked: new Set(),
    ids: new Set(),
    ...changes,
  };
}

Deno.test("markdownHtml() links a term of the glossary where it is first mentioned, and only there", () => {
  const html = markdownHtml("Velocities? The velocity, and the velocity.", context());
  assertEquals(html.match(/glossary\.html#velocity/g)?.length, 1);
  assertStringIncludes(html, 'title="the direction, v = x1 − x0."');
});

Deno.test("markdownHtml() links short words only where they are set off", () => {
  assert(!markdownHtml("In a row.", context()).includes("glossary"));
  assertStringIncludes(markdownHtml("A **row** of data.", context()), "glossary.html#row");
});

Deno.test("markdownHtml() leaves headings, links and code as they are", () => {
  const html = markdownHtml("## The velocity\n\n`velocity x_t` [velocity](a.md)", context());
  assert(!html.includes("glossary.html"));
  assertStringIncludes(html, "<code>velocity x_t</code>");
  assertStringIncludes(html, 'href="&lt;a.md&gt;"');
});

Deno.test("markdownHtml() gives headings addresses of their own, as GitHub does", () => {
  const headings: Heading[] = [];
  markdownHtml("## What `a` is?\n\n## Again\n\n## Again", {
    ...context(),
    onHeading: (heading) => headings.push(heading),
  });
  assertEquals(headings.map(({ id }) => id), ["what-a-is", "again", "again-1"]);
});

Deno.test("markdownHtml() keeps what is folded folded, and sets its mathematics", () => {
  const html = markdownHtml(
    "<details><summary>What is x_t?</summary>\n\nIt *is* x_t.\n\n</details>",
    context(),
  );
  assertStringIncludes(html, "<summary>What is <var>x<sub>t</sub></var>?</summary>");
  assertStringIncludes(html, "It <em>is</em> <var>x<sub>t</sub></var>.");
});

Deno.test("the glossary's own entries are places to link to", () => {
  const html = markdownHtml(GLOSSARY, context({ glossary: "" }));
  assertStringIncludes(html, 'id="adaln-adaptive-layer-normalisation"');
  assertStringIncludes(html, '<em><a class="term" href="#velocity"');
});

Deno.test("readTerms() knows both names of an entry, and takes plurals and capitals for the same", () => {
  const [velocity, adaLN] = readTerms(GLOSSARY);
  assertEquals(velocity!.names, ["velocity"]);
  assertEquals(adaLN!.names, ["adaLN", "adaptive layer normalisation"]);
  assertEquals(
    readTerms("**channel (of a latent)**: a number.\n\n**class, label**: what it shows.")
      .map(({ names }) => names),
    [["channel"], ["class", "label"]],
  );
});
