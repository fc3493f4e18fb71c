import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Device, DeviceName } from "./device.ts";
import { DEVICE_NAMES } from "./device.ts";
import { bindingDevice } from "./ort/binding_device.ts";
import { ortApi } from "./ort/api.ts";
import { libraryPath } from "./ort/library.ts";
import { ortDevice } from "./ort/ort_device.ts";
import { appendProvider } from "./ort/session.ts";
import { tensorflowDevice } from "./tensorflow/device.ts";

/** Settings of {@linkcode openDevice}. */
export interface DeviceOptions {
  /** Processor threads; all cores by default. */
  threads?: number;
}

/** Opens a device by name; one that is not there throws a sentence that says what is missing. */
export async function openDevice(
  name: DeviceName = "cpu",
  options: DeviceOptions = {},
): Promise<Device> {
  switch (name) {
    case "cpu":
      return libraryOpens()
        ? ortDevice("cpu", options)
        : bindingDevice(options.threads ?? navigator.hardwareConcurrency);
    case "tensorflow":
      return await tensorflowDevice();
    case "webgpu":
    case "cuda":
    case "coreml":
    case "dml": {
      const { provider, memory, missing } = ACCELERATORS[name];
      const reason = missing?.() ?? refusal(provider);
      if (reason) throw new Error(`Cannot open device "${name}": ${reason}`);
      return ortDevice(name, { ...options, provider, ...(memory && { deviceMemory: memory }) });
    }
    default:
      throw new RangeError(
        `There is no device "${name}": choose one of ${DEVICE_NAMES.join(", ")}`,
      );
  }
}

interface Accelerator {
  /** ONNX Runtime's name of it. */
  provider: string;
  /** Name of its memory; absent: results return to the host after each run. */
  memory?: string;
  /** Says what is missing, as far as that can be seen without asking the library. */
  missing?: () => string | undefined;
}

const ACCELERATORS: Record<"webgpu" | "cuda" | "coreml" | "dml", Accelerator> = {
  webgpu: { provider: "WebGPU", memory: "WebGPU_Buf" },
  cuda: {
    provider: "CUDA",
    memory: "Cuda",
    missing() {
      const library = "libonnxruntime_providers_cuda.so";
      if (existsSync(join(dirname(libraryPath()), library))) return undefined;
      return `ONNX Runtime's CUDA library (${library}) is not installed; on Linux x64 with CUDA 12, ` +
        `"deno install --allow-scripts=npm:onnxruntime-node" fetches it`;
    },
  },
  coreml: {
    provider: "CoreML",
    missing: () => onlyOn("darwin", "macOS", "use cpu or webgpu"),
  },
  dml: {
    provider: "DML",
    missing: () => onlyOn("windows", "Windows", "use cpu or webgpu"),
  },
};

function onlyOn(os: typeof Deno.build.os, system: string, instead: string): string | undefined {
  return Deno.build.os === os ? undefined : `it is part of ${system} only; ${instead}`;
}

/** Asks the library for the device; returns why it refuses, in words. */
function refusal(provider: string): string | undefined {
  const api = ortApi();
  const options = api.create("CreateSessionOptions");
  try {
    appendProvider(options, provider);
    return undefined;
  } catch (error) {
    const message = (error as Error).message;
    if (/Failed to get a WebGPU adapter/.test(message)) {
      return "no graphics adapter was found; install the GPU's driver (on Linux its Vulkan driver and " +
        "libvulkan1), or name a software one in VK_ICD_FILENAMES (Chromium brings vk_swiftshader_icd.json)";
    }
    if (/not supported in this build|Unknown provider/.test(message)) {
      return `ONNX Runtime is built without it for ${Deno.build.os} on ${Deno.build.arch}; use cpu`;
    }
    return message;
  } finally {
    api.release("ReleaseSessionOptions", options);
  }
}

function libraryOpens(): boolean {
  try {
    ortApi();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
