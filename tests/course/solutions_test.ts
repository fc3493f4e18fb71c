import { assertEquals, assertThrows } from "@std/assert";
import { parseSolutions, signatureOf } from "../../lib/course/solutions.ts";

const FILE = `import * as tf from "@tensorflow/tfjs-core";

// exercise 9.1
/**
 * Adds.
 *
 * x is [B].
 */
export function add(x: tf.Tensor, options: { by: number } = { by: 1 }): { sum: tf.Tensor } {
  // given
  const { by } = options;
  // end given
  const sum = tf.add(x, by);
  return { sum };
}

// exercise 9.2
/** Nothing. */
export function nothing(
  _then: (x: number) => { y: number },
): void {
  return;
}
`;

Deno.test("a solution file is taken apart into stubs and answers", () => {
  const solutions = parseSolutions(FILE, "solutions/09.ts");
  assertEquals([...solutions.keys()], ["9.1", "9.2"]);
  assertEquals(
    solutions.get("9.1"),
    {
      id: "9.1",
      name: "add",
      stub: `/**
 * Adds.
 *
 * x is [B].
 */
function add(x: tf.Tensor, options: { by: number } = { by: 1 }): { sum: tf.Tensor } {
  const { by } = options;
  return todo("9.1");
}`,
      code: `/**
 * Adds.
 *
 * x is [B].
 */
function add(x: tf.Tensor, options: { by: number } = { by: 1 }): { sum: tf.Tensor } {
  const { by } = options;
  const sum = tf.add(x, by);
  return { sum };
}`,
    },
  );
  assertEquals(
    solutions.get("9.2")!.stub,
    `/** Nothing. */
function nothing(
  _then: (x: number) => { y: number },
): void {
  return todo("9.2");
}`,
  );
});

Deno.test("a signature is the function's name, parameters and result", () => {
  assertEquals(
    signatureOf(parseSolutions(FILE, "").get("9.2")!.code),
    "function nothing( _then: (x: number) => { y: number }, ): void",
  );
  assertEquals(signatureOf("const a = 1;"), undefined);
});

const BROKEN: [what: string, text: string, message: string][] = [
  ["an exercise that is there twice", FILE.replace("9.2", "9.1"), "09.ts has exercise 9.1 twice"],
  [
    "one without documentation",
    FILE.replace("/** Nothing. */\n", ""),
    "Exercise 9.2 of 09.ts should",
  ],
  [
    "one that is no function",
    FILE.replace("export function nothing", "export const nothing ="),
    "9.2",
  ],
  [
    "one with something after it",
    FILE + "\nexport const more = 1;\n",
    "Exercise 9.2 of 09.ts should end",
  ],
];

for (const [what, text, message] of BROKEN) {
  Deno.test(`a solution file with ${what} is refused by name`, () => {
    assertThrows(() => parseSolutions(text, "09.ts"), message);
  });
}
