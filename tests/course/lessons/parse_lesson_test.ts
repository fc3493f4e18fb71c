import { assertEquals, assertThrows } from "@std/assert";
import { type Block, parseLesson } from "../../../lib/course/lessons/parse_lesson.ts";

const text = (text: string): Block => ({ kind: "text", text });
const code = (code: string, ...tags: string[]): Block => ({ kind: "code", code, tags });

const CASES: [what: string, markdown: string, blocks: Block[]][] = [
  ["text", "# A\n\nb\n", [text("# A\n\nb")]],
  ["text that is parted", "a\n\n---\n\nb", [text("a"), text("b")]],
  ["code between text", "a\n\n```ts\nlet x;\n```\n\nb", [text("a"), code("let x;"), text("b")]],
  ["code after code", "```ts\na;\n```\n```ts\nb;\n```", [code("a;"), code("b;")]],
  ["tags", "<!-- tags: slow, skip-types -->\n\n```ts\na;\n```", [code("a;", "slow", "skip-types")]],
  ["another language", "a\n```sh\nls\n---\n```\nb", [text("a\n```sh\nls\n---\n```\nb")]],
  ["a fence in a fence", "````md\n```ts\nx\n```\n````", [text("````md\n```ts\nx\n```\n````")]],
  ["code that shows no end of a cell", "```ts\nconst s = `\n---\n`;\n```", [
    code("const s = `\n---\n`;"),
  ]],
  ["an exercise", "a\n<!-- exercise 1.2 -->\nb", [
    text("a"),
    { kind: "exercise", id: "1.2" },
    text("b"),
  ]],
  ["a folded answer", "<details><summary>Q</summary>\n\nA\n\n</details>", [
    text("<details><summary>Q</summary>\n\nA\n\n</details>"),
  ]],
  ["line ends of another system", "a\r\n\r\n```ts\r\nb;\r\n```\r\n", [text("a"), code("b;")]],
  ["nothing", "\n\n", []],
];

for (const [what, markdown, blocks] of CASES) {
  Deno.test(`a lesson with ${what} is taken apart`, () => {
    assertEquals(parseLesson(markdown, "a.md"), blocks);
  });
}

Deno.test("what cannot be meant is refused with its line", () => {
  assertThrows(() => parseLesson("a\n```ts\nb", "a.md"), "a.md:2: this fence has no end");
  assertThrows(
    () => parseLesson("<!-- tags: x -->\ntext", "a.md"),
    "a.md:1: tags stand right before",
  );
  assertThrows(
    () => parseLesson("x\n<!-- tags: x -->\n", "a.md"),
    "a.md:2: tags stand right before",
  );
});
