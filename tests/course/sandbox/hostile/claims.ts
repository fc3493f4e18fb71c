import { before, body, type Hostile } from "./kit.ts";

/** Claiming to have passed. */
export const CLAIMS: readonly Hostile[] = [
  { name: "a printed verdict", code: before(`console.log("all checks passed");`) },
  {
    name: "a printed answer of the protocol",
    code: before(
      `console.log('\\u0002 {"value":null}'); console.log('{"passed":true}');`,
    ),
  },
  {
    name: "an answer forged with the name of the request",
    code: `
      const { parse } = JSON;
      let id = "";
      JSON.parse = (text) => { const request = parse(text); id = request.id; return request; };
      function velocityTarget(x0, x1) {
        const passed = JSON.stringify({ value: { o: [["passed", true], ["verdict", "exact"]] } });
        Deno.stdout.writeSync(new TextEncoder().encode("\\n\\u0002" + id + " " + passed + "\\n"));
        return { passed: true, verdict: "exact" };
      }`,
  },
  { name: "a verdict as an answer", code: body(`return { verdict: "exact", passed: true };`) },
  {
    name: "a value that equals everything",
    code: body(
      "return { valueOf: () => NaN, toString: () => 'x', [Symbol.toPrimitive]: () => 0 };",
    ),
    says: /./,
  },
  {
    name: "a tensor with getters",
    code: body(`
      const fake = Object.create(tf.Tensor.prototype);
      let looks = 0;
      Object.defineProperty(fake, "shape", { get: () => looks++ ? [1] : x0.shape });
      Object.defineProperty(fake, "dtype", { get: () => "float32" });
      Object.defineProperty(fake, "isDisposed", { get: () => false });
      fake.dataSync = () => ({ slice: () => new Float32Array([NaN, NaN, NaN, NaN]) });
      return fake;`),
    says: /./,
  },
  { name: "numbers that are none", code: body("return tf.fill(x0.shape, NaN);") },
  {
    name: "a promise of the answer",
    code: body("return Promise.resolve(tf.sub(x1, x0));"),
    says: /Promise/,
  },
  {
    name: "something that pretends to be a promise",
    code: body(
      "return { then(resolve) { resolve(tf.sub(x1, x0)); } };",
    ),
    says: /Promise/,
  },
  {
    name: "a function that pretends to be a promise",
    code: `
      const velocityTarget = () => 1;
      velocityTarget.then = (resolve) => { for (;;) resolve(); };`,
  },
  {
    name: "a throw of something strange",
    code: body(
      "throw { get message() { throw this; }, get name() { throw this; }, get stack() { throw this; } };",
    ),
    says: /./,
  },
  {
    name: "a throw that looks like an ending of the grader's own",
    code: body(
      `const error = new Error("passed"); error.name = "SandboxError"; throw error;`,
    ),
    says: /passed/,
  },
];
