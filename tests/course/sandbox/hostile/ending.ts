import { body, ENDED, type Hostile, NO_NODE, TOO_SLOW } from "./kit.ts";

/** Ending its process, or cutting it off. */
export const ENDING: readonly Hostile[] = [
  { name: "ending the program", code: body("Deno.exit(0);"), says: ENDED },
  {
    name: "ending the program with a failure",
    code: body("Deno.exit(3);"),
    says: /^ends the program with code 3/,
  },
  { name: "ending the program as Node does", says: NO_NODE, code: body("process.exit(0);") },
  { name: "ending the program outside the function", code: "Deno.exit(0);", says: ENDED },
  { name: "aborting", says: NO_NODE, code: body("process.abort();") },
  { name: "closing its output", code: body("Deno.stdout.close(); return x0;"), says: ENDED },
  {
    name: "closing its output as Node does",
    says: NO_NODE,
    code: body(`process.getBuiltinModule("node:fs").closeSync(1); return x0;`),
  },
  { name: "closing its input", code: body("Deno.stdin.close(); return x0;") },
  {
    name: "breaking the stack",
    says: NO_NODE,
    code: body(`
    process.getBuiltinModule("node:v8").setFlagsFromString("--stack-size=1000000");
    const dive = () => dive() + 1;
    dive();`),
  },
  {
    name: "stealing the next request",
    says: TOO_SLOW,
    code: body(`
    Deno.stdin.readSync(new Uint8Array(1000)); return x0;`),
  },
];
