import * as tf from "@tensorflow/tfjs-core";
import { TRACE_BACKEND, traceBackend } from "../trace_backend.ts";
import { activationKernels } from "./activations.ts";
import { convolutionKernels } from "./convolution.ts";
import { depthwiseKernels } from "./depthwise.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { fusedKernels } from "./fused.ts";
import { gatherKernels } from "./gather.ts";
import { logicKernels } from "./logic.ts";
import { matmulKernels } from "./matmul.ts";
import { poolingKernels } from "./pooling.ts";
import { reductionKernels } from "./reductions.ts";
import { resizeKernels } from "./resize.ts";
import { scanKernels } from "./scans.ts";
import { shapeKernels } from "./shapes.ts";
import { registerGradients } from "./gradients.ts";
import type { KernelInputs, KernelTable } from "./rule.ts";

/** Every operation the engine can trace, by family. */
export const KERNELS: KernelTable = {
  ...elementwiseKernels,
  ...activationKernels,
  ...logicKernels,
  ...reductionKernels,
  ...scanKernels,
  ...matmulKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...shapeKernels,
  ...gatherKernels,
  ...fusedKernels,
};

let registered = false;

/** Tells tfjs about the rules; further calls do nothing. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerGradients();
  const backend = traceBackend();
  for (const [kernelName, rule] of Object.entries(KERNELS)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs }) => rule(backend, inputs as KernelInputs, attrs ?? {}),
    });
  }
}
