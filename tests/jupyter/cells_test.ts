import { assertEquals, assertStringIncludes } from "@std/assert";
import { show, withKernel } from "./helpers.ts";

Deno.test("the value of a last expression is shown, that of other last statements is not", () =>
  withKernel(async (kernel) => {
    assertEquals(await show(kernel, "1 + 1"), "2");
    assertEquals(await show(kernel, "await Promise.resolve('later');"), '"later"');
    assertEquals(await show(kernel, "{ a: 1, b: [2] }"), "{ a: 1, b: [ 2 ] }");
    assertEquals(await show(kernel, "for (let i = 0; i < 3; i++) i;"), "");
    assertEquals(await show(kernel, "const quiet = 5"), "");
    assertEquals(await show(kernel, "undefined"), "");
    assertStringIncludes(await show(kernel, "Promise.resolve(5)"), "Promise");
    assertEquals(
      await show(kernel, "({ [Deno.jupyter.$display]: () => ({ 'text/plain': 'own' }) })"),
      "own",
    );
  }));

Deno.test("TypeScript runs, also what has no form in JavaScript", () =>
  withKernel(async (kernel) => {
    assertEquals(
      await show(kernel, "interface P { x: number }\nconst p = { x: 4 } satisfies P;\n(p as P).x"),
      "4",
    );
    assertEquals(await show(kernel, "enum Colour { Red, Blue }\nColour.Blue"), "1");
    assertEquals(
      await show(
        kernel,
        "class Box { constructor(private readonly n: number) {} get() { return this.n } }\nnew Box(7).get()",
      ),
      "7",
    );
    assertEquals(
      await show(kernel, "import { join } from 'node:path';\nenum Way { Up = 'up' }"),
      "",
    );
    assertEquals(
      await show(kernel, "join('a', Way.Up)"),
      '"a/up"'.replace("/", Deno.build.os === "windows" ? "\\\\" : "/"),
    );
  }));

Deno.test("names may be declared again in any way, and constants are kept", () =>
  withKernel(async (kernel) => {
    assertEquals(
      await show(kernel, "let a = 1; const b = 2; var c = 3; function d() { return 4 } class E {}"),
      "",
    );
    assertEquals(
      await show(kernel, "const a = 11; let b = 12; let c = 13; const d = () => 14; let E = 15;"),
      "",
    );
    assertEquals(await show(kernel, "[a, b, c, d(), E]"), "[ 11, 12, 13, 14, 15 ]");
    assertEquals(
      await show(
        kernel,
        "function a() { return 21 } var b = 22; class c {} async function d() { return 24 } function E() {}",
      ),
      "",
    );
    assertEquals(await show(kernel, "[a(), b, await d()]"), "[ 21, 22, 24 ]");
    assertEquals(
      await show(
        kernel,
        "const { a, fresh } = { a: 31, fresh: 32 }, [b] = [33]; let c;\n[a, b, c, fresh]",
      ),
      "[ 31, 33, undefined, 32 ]",
    );
    assertEquals(await show(kernel, "import { sep as d } from 'node:path'; typeof d"), '"string"');
    const broken = await show(kernel, "\n  a = 5");
    assertStringIncludes(broken, '"a" is a constant, declared with const in cell 6');
    assertStringIncludes(broken, "cell[8]:2:3");
    assertEquals(
      await show(kernel, "const shadow = ((a: number) => { a = 1; return a })(3); shadow"),
      "1",
    );
  }));

Deno.test("errors show their place in the cell as it was written, their cause and the awaits on their way", () =>
  withKernel(async (kernel) => {
    const thrown = await show(
      kernel,
      "const x: number | null = null;\n\nasync function load(v: any) {\n  await 1; v.missing.length;\n}\n  await load({});",
    );
    assertStringIncludes(
      thrown,
      "TypeError: Cannot read properties of undefined (reading 'length')",
    );
    assertStringIncludes(
      thrown,
      "  4 |   await 1; v.missing.length;\n    |                      ^",
    );
    assertStringIncludes(thrown, "cell[1]:4:22");
    assertStringIncludes(thrown, "cell[1]:6:3");
    const cause = await show(
      kernel,
      "throw new Error('outer', { cause: new RangeError('inner') })",
    );
    assertStringIncludes(cause, "Error: outer");
    assertStringIncludes(cause, "Caused by: RangeError: inner");
    assertStringIncludes(
      await show(
        kernel,
        "load({})\n  .catch((error) => { console.log(error.stack) }); await 1; await 2; await 3",
      ),
      "cell[1]:4:22",
    );
    assertEquals(await show(kernel, "throw 'only text'"), "Uncaught: only text");
    assertEquals(await show(kernel, "throw { code: 5 }"), "Uncaught: { code: 5 }");
    assertStringIncludes(await show(kernel, "\n\nJSON.parse('{')"), "cell[6]:3:6");
  }));

Deno.test("code that cannot be read shows what is wrong and where", () =>
  withKernel(async (kernel) => {
    const cases: [code: string, message: string, place: string][] = [
      ["const a: number = 1;\nconst b = ;", "Expression expected", "2:11"],
      ["foo(1,\n  2", "the end of the cell", "1:6"],
      ["let z = 1;\n  let z = 2;", "'z' has already been declared", "2:7"],
      ["function f() {\n  await 1;\n}", "'await' outside an async function", "2:3"],
      ["clas A {}", "Expected ';'", "1:6"],
      ["import.meta.url", "import.meta", "1:1"],
    ];
    for (const [i, [code, message, place]] of cases.entries()) {
      const text = await show(kernel, code);
      assertStringIncludes(text, "SyntaxError: ");
      assertStringIncludes(text, message);
      assertStringIncludes(text, `at cell[${i + 1}]:${place}`);
      assertStringIncludes(text, `| ${code.split("\n")[Number(place[0]) - 1]}`);
    }
  }));

Deno.test("imports that cannot be resolved and names that are not exported are explained", () =>
  withKernel(async (kernel) => {
    const module = await show(kernel, "\nimport { x } from '@course/flow/nothing.ts';");
    assertStringIncludes(module, "Module not found");
    assertStringIncludes(module, "cell[1]:2:1");
    assertStringIncludes(await show(kernel, "import x from 'no-such-package'"), "no-such-package");
    const name = await show(
      kernel,
      "import {\n  interpolate,\n  velocityTargt,\n} from '@course/flow/mod.ts';",
    );
    assertStringIncludes(name, 'has no export named "velocityTargt"');
    assertStringIncludes(name, "cell[3]:1:1");
    assertStringIncludes(
      await show(kernel, "import dflt from '@course/flow/mod.ts'"),
      "has no default export",
    );
    assertEquals(
      await show(
        kernel,
        "import data from './deno.json' with { type: 'json' };\ntypeof data.imports",
      ),
      '"object"',
    );
    assertEquals(
      await show(
        kernel,
        "import * as path from 'node:path'; import def, { join } from 'node:path'; def.join === join && path.join === join",
      ),
      "true",
    );
  }));

Deno.test("errors that nothing awaits are shown in the cell that caused them", () =>
  withKernel(async (kernel) => {
    const rejected = await show(kernel, "Promise.reject(new Error('forgotten')); 5");
    assertStringIncludes(rejected, "forgotten");
    assertStringIncludes(rejected, "is an await missing?");
    const timer = await show(
      kernel,
      "setTimeout(() => { throw new Error('in a timer') }, 1);\nawait new Promise((done) => setTimeout(done, 30));",
    );
    assertStringIncludes(timer, "in a timer");
    assertStringIncludes(timer, "cell[2]:1:26");
  }));

Deno.test("what packages write to the process's streams is shown, in order with console.log", () =>
  withKernel(async (kernel) => {
    const code =
      "console.log(1); process.stdout.write('2\\n'); console.log(3); Deno.stdout.writeSync(new TextEncoder().encode('4\\n')); process.stderr.write('5\\n')";
    assertEquals(await show(kernel, `${code}; undefined`), "1\n2\n3\n4\n|5\n");
  }));

Deno.test("what a cell prints in the background stays with that cell", () =>
  withKernel(async (kernel) => {
    const { strays } = kernel;
    const first = await show(
      kernel,
      "let said = false; setTimeout(() => { console.log('from the first'); said = true }, 300); 1",
    );
    const second = await show(
      kernel,
      "while (!said) await new Promise((done) => setTimeout(done, 10));\n2",
    );
    assertEquals([first, second], ["1", "2"]);
    assertEquals(strays.map(({ content }) => content["text"]), ["from the first\n"]);
  }));

Deno.test("a cell that prints without end is cut off, not the notebook", () =>
  withKernel(async (kernel) => {
    const text = await show(
      kernel,
      "for (let i = 0; i < 300_000; i++) console.log('a line of some length', i)",
    );
    assertEquals(text.length < 1_100_000, true);
    assertStringIncludes(text, "no more than 1000000 characters");
    assertEquals(await show(kernel, "console.log('again')"), "again\n");
  }));

Deno.test("prompt() asks the front end, and gives an empty answer where nobody can be asked", () =>
  withKernel(async (kernel) => {
    const { outputs } = await kernel.execute("prompt('Your name?')", {
      onInput: (text) => `${text} Ada`,
    });
    assertEquals(outputs.length, 1);
    assertEquals(await show(kernel, "prompt('Your name?')"), "");
  }));

Deno.test("Deno.exit and process.exit end the cell, not the kernel", () =>
  withKernel(async (kernel) => {
    await show(kernel, "let kept = 1");
    assertStringIncludes(await show(kernel, "Deno.exit(3); kept++"), "Deno.exit(3)");
    assertStringIncludes(await show(kernel, "process.exit(); kept++"), "process.exit(0)");
    assertEquals(await show(kernel, "kept"), "1");
  }));

Deno.test("after an error the cells that were waiting are not run, unless they are to", () =>
  withKernel(async (kernel) => {
    const all = await Promise.all(["throw 1", "2", "3"].map((code) => kernel.execute(code)));
    assertEquals(all.map(({ status }) => status), ["error", "aborted", "aborted"]);
    const rest = await Promise.all(
      ["throw 1", "2"].map((code) => kernel.execute(code, { stopOnError: false })),
    );
    assertEquals(rest.map(({ status }) => status), ["error", "ok"]);
    assertEquals(await show(kernel, "4"), "4");
  }));

Deno.test("a process that dies is replaced, and the cell says that the variables are lost", () =>
  withKernel(async (kernel) => {
    await show(kernel, "let kept = 1");
    assertStringIncludes(
      await show(kernel, "Deno.kill(Deno.pid, 'SIGKILL'); await new Promise(() => {})"),
      "all variables are lost",
    );
    assertEquals(await show(kernel, "typeof kept"), '"undefined"');
  }));

Deno.test("reports of Deno.test are shown in the cell", () =>
  withKernel(async (kernel) => {
    assertStringIncludes(await show(kernel, "Deno.test('adds', () => {});"), "1 passed");
  }));

Deno.test("names can be completed", () =>
  withKernel(async (kernel) => {
    await show(kernel, "const learningRate = 1");
    const reply = await kernel.request("complete_request", { code: "learn", cursor_pos: 5 });
    assertEquals(reply["matches"], ["learningRate"]);
  }));
