import { assert, assertEquals, assertThrows } from "@std/assert";
import { nothingDeclared } from "@course/jupyter/kernel/declarations.ts";
import { prepareCell } from "@course/jupyter/kernel/prepare_cell.ts";
import { type Place, writtenPlace } from "@course/jupyter/positions.ts";

/** Where each of these marks stands in a text; lines and columns from 1. */
function placesOf(text: string, mark: string): Place[] {
  return [...text.matchAll(new RegExp(mark, "g"))].map(({ index }) => {
    const before = text.slice(0, index).split("\n");
    return [before.length, before.at(-1)!.length + 1];
  });
}

Deno.test("every place of the code that runs is traced back to where it was written", () => {
  const source = [
    "import { a,",
    "  b } from 'node:path'; MARK();",
    "const x: Map<string, number> = await f(await g(MARK), MARK); MARK;",
    "early(MARK);",
    "for (let i: number = 0; i < 3; i++) MARK(i);",
    "let { c, d: [e] } = MARK, h = (MARK as any), k; MARK()",
    "",
    "async function early(x: number): Promise<void> { MARK;",
    "  for await (const q of each(MARK)) { await MARK(q) } // MARK",
    "}",
    "class A extends MARK { field = MARK; } MARK;",
    "export const z = MARK;",
    "MARK",
  ].join("\n");
  const { code, positions } = prepareCell(source, nothingDeclared());
  const found = placesOf(code, "MARK").map((place) => writtenPlace(positions, place));
  const byPlace = (a: Place, b: Place) => a[0] - b[0] || a[1] - b[1];
  assertEquals(found.sort(byPlace), placesOf(source, "MARK"));
});

Deno.test("lines are found again where TypeScript had to be rewritten", () => {
  const source =
    "enum Colour {\n  Red,\n  Blue,\n}\n\n\nMARK(Colour.Red);\nimport { a } from 'node:path';\n\nOTHER();";
  const { code, positions } = prepareCell(source, nothingDeclared());
  const line = (mark: string) => writtenPlace(positions, placesOf(code, mark)[0]!)[0];
  assertEquals([line("MARK"), line("OTHER")], [7, 10]);
});

Deno.test("names that earlier cells have declared are not declared again", () => {
  const declared = { ...nothingDeclared(), names: new Set(["a", "f"]) };
  const { fresh, declarations } = prepareCell(
    "let a = 1, { b } = x;\nfunction f() {}\nimport c, * as d from 'e';",
    declared,
  );
  assertEquals(fresh, ["b", "c", "d"]);
  assertEquals(declarations.flatMap(({ names }) => names), ["a", "b", "f", "c", "d"]);
});

Deno.test("what was moved or inserted never joins what stood apart", () => {
  const sources = [
    "let a = 1\nfunction f() {}\n(1, 2)",
    "f()\nlet [b] = [1]\n;[1].map(String)",
    "const g = () => 1, h = async () => await g(), { x } = { x: 1 }\nclass C {}\n[1]",
    "a: for (;;) for (;;) { break a }\ndo f(); while (false) f()",
    "if (1) for (const x of []) await x; else while (0) { }\nexport { }\n'last'",
  ];
  for (const source of sources) {
    const { code } = prepareCell(source, nothingDeclared());
    // Throws a SyntaxError if it is none any more.
    assert(new Function(`return ${code}`) instanceof Function, source);
  }
});

Deno.test("constants are guarded, unless the name means something else", () => {
  const declared = { names: new Set(["limit"]), constants: new Map([["limit", 4]]) };
  for (
    const code of [
      "limit = 1",
      "limit++",
      "[limit] = [1]",
      "for (limit of []);",
      "const own = 1; own += 1",
    ]
  ) {
    assertThrows(() => prepareCell(code, declared), "is a constant, declared with const");
  }
  for (
    const code of [
      "let limit = 1; limit = 2",
      "((limit) => { limit = 1 })(2)",
      "{ let limit = 1; limit = 2 }",
      "box.limit = 1",
    ]
  ) {
    prepareCell(code, declared);
  }
});
