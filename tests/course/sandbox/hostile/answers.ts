import { body, COURSE, FORBIDDEN, type Hostile, LESSON, NO_NODE } from "./kit.ts";

/** Looking for the answers. */
export const ANSWERS: readonly Hostile[] = [{
  name: "importing the solutions",
  code: `
    import { velocityTarget as answer } from "../../../solutions/${LESSON}.ts";
    const velocityTarget = answer;`,
  says: /^imports "/,
}, {
  name: "importing the solutions while running",
  code: `
    const { velocityTarget } = await import("../../../../solutions/${LESSON}.ts");`,
  says: FORBIDDEN,
}, {
  name: "importing the solutions by a computed address",
  code: `
    const { velocityTarget } = await import(${COURSE} + "solutions/${LESSON}.ts");`,
  says: FORBIDDEN,
}, {
  name: "importing the exercise",
  code: `
    const all = await import(${COURSE} + "lib/course/exercises/${LESSON}/mod.ts");
    function velocityTarget() { return all.FLOW_MATCHING[1].checks[0].expected(); }`,
  says: FORBIDDEN,
}, {
  name: "importing the library's function",
  code: `
    const { velocityTarget } = await import(${COURSE} + "lib/flow/mod.ts");`,
  says: FORBIDDEN,
}, {
  name: "importing the library by its name",
  code: `
    const { velocityTarget } = await import("@course/flow/mod.ts");`,
  says: /./,
}, {
  name: "importing the solutions from generated code",
  code: `
    const code = \`export * from "\${${COURSE}}solutions/${LESSON}.ts"\`;
    const { velocityTarget } = await import("data:text/javascript," + encodeURIComponent(code));`,
  says: /./,
}, {
  name: "importing from the network",
  code: `await import("http://127.0.0.1:9/a.js");`,
  says: FORBIDDEN,
}, {
  name: "requiring the solutions",
  says: NO_NODE,
  code: `
    const require = process.getBuiltinModule("node:module").createRequire(Deno.mainModule);
    const { velocityTarget } = require("../../../../solutions/${LESSON}.ts");`,
}, {
  name: "walking the stack for a caller that knows the answer",
  code: body(`
      const answers = [];
      Error.prepareStackTrace = (_, frames) => {
        for (const frame of frames) {
          answers.push(frame.getThis?.(), frame.getFunction?.());
          answers.push(...(frame.getFunction?.()?.arguments ?? []));
        }
        return "";
      };
      new Error().stack;
      const found = answers.find((it) => it && it.expected);
      return found ? found.expected() : tf.zerosLike(x0);`),
}, {
  name: "looking through its own process for the answer",
  code: body(`
      const found = Object.values(globalThis).find((it) => it && it.expected);
      return found ? found.expected() : tf.zerosLike(x0);`),
}];
