import { assertEquals, assertThrows } from "@std/assert";
import { numberAbove0, numberFrom0, oneOf, readArguments, wholeNumber } from "@course/arguments.ts";

const kinds = { set: "list", out: "value", resume: "optional", help: "flag" } as const;
const refused = (...args: string[]) => assertThrows(() => readArguments(args, kinds)).message;

Deno.test("a command line is taken apart", () => {
  assertEquals(
    readArguments(["digits", "--set", "a=1", "--set=b=2", "--out", "-3", "more"], kinds),
    {
      words: ["digits", "more"],
      options: { set: ["a=1", "b=2"], out: ["-3"] },
    },
  );
  assertEquals(readArguments(["--resume", "--help"], kinds).options, { resume: [], help: [] });
  assertEquals(readArguments(["--resume", "runs/a"], kinds).options, { resume: ["runs/a"] });
});

Deno.test("what a command does not know is refused with what was probably meant", () => {
  assertEquals(refused("--reusme"), "There is no option --reusme: did you mean --resume?");
  assertEquals(
    refused("--verbose"),
    "There is no option --verbose: expected --set, --out, --resume, --help",
  );
  assertEquals(
    refused("-out", "x"),
    'Cannot read "-out": options begin with two dashes, as in --help',
  );
  assertEquals(refused("--out"), "Option --out needs a value");
  assertEquals(refused("--out", "--help"), "Option --out needs a value");
  assertEquals(refused("--help=1"), "Option --help takes no value");
  assertEquals(refused("--out", "a", "--out", "b"), "Option --out is given twice: a and b");
});

Deno.test("numbers and names are checked", () => {
  assertEquals(wholeNumber("steps", "12", 1, 20), 12);
  for (const text of ["0", "21", "1.5", "x", "", "1e1"]) {
    assertThrows(() => wholeNumber("steps", text, 1, 20), "expected a whole number from 1 to 20");
  }
  assertEquals(numberFrom0("guidance", "1e-1"), 0.1);
  for (const text of ["-1", "x", " ", "Infinity"]) {
    assertThrows(() => numberFrom0("guidance", text), "expected a number from 0");
  }
  assertEquals(numberAbove0("shift", "3"), 3);
  for (const text of ["0", "x", " ", "Infinity"]) {
    assertThrows(() => numberAbove0("shift", text), "expected a number above 0");
  }
  assertEquals(oneOf("sampler", "heun", ["euler", "heun"]), "heun");
  assertThrows(
    () => oneOf("sampler", "huen", ["euler", "heun"]),
    'Option --sampler is "huen": expected one of euler, heun; did you mean heun?',
  );
});
