import { arithmeticCases } from "./cases/arithmetic.ts";
import { blockCases } from "./cases/blocks.ts";
import { convolutionCases } from "./cases/convolution.ts";
import { functionCases } from "./cases/functions.ts";
import { gatherCases } from "./cases/gather.ts";
import { imageCases } from "./cases/images.ts";
import { logicCases } from "./cases/logic.ts";
import { matmulCases } from "./cases/matmul.ts";
import { reductionCases } from "./cases/reductions.ts";
import { scanCases } from "./cases/scans.ts";
import { shapeCases } from "./cases/shapes.ts";
import { KERNELS } from "@course/engine/kernels/mod.ts";
import { trace } from "@course/engine/trace.ts";
import { assertEquals } from "@std/assert";
import { testDevices } from "./devices.ts";
import { judge, specsOf, withGradients } from "./suite.ts";

const CASES = [
  ...arithmeticCases,
  ...functionCases,
  ...logicCases,
  ...reductionCases,
  ...scanCases,
  ...matmulCases,
  ...convolutionCases,
  ...imageCases,
  ...shapeCases,
  ...gatherCases,
  ...blockCases,
];

// Before the rules are handed to tfjs: notes which of them are used.
const used = new Set<string>();
for (const [name, rule] of Object.entries(KERNELS)) {
  KERNELS[name] = (...args) => {
    used.add(name);
    return rule(...args);
  };
}

Deno.test("every kernel is used by some case", () => {
  for (const test of CASES) {
    trace(withGradients(test), specsOf(test.inputs), { onHost: true, channelBlock: 8 });
  }
  assertEquals(Object.keys(KERNELS).filter((name) => !used.has(name)), []);
});

// Every case on every device: values and gradients against tfjs's cpu backend, gradients also against
// finite differences. Further devices: TEST_DEVICES=webgpu.
for (const { name, device, reason } of await testDevices()) {
  if (!device) {
    Deno.test({ name: `kernels on ${name}: skipped, ${reason}`, ignore: true, fn() {} });
    continue;
  }
  for (const test of CASES) {
    Deno.test(`${name}: ${test.name}`, () => judge(device, test));
  }
}
