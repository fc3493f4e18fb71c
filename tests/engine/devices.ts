import type { Device, DeviceName } from "@course/engine/mod.ts";
import { DEVICE_NAMES, openDevice } from "@course/engine/mod.ts";
import { bindingDevice } from "@course/engine/ort/binding_device.ts";

/** A device to run tests on, or why it cannot be. */
export interface TestDevice {
  name: string;
  device?: Device;
  reason?: string;
}

/**
 * The cpu, the cpu with standard operators only (the fallback and what exported files are made of), and
 * whatever else the environment variable `TEST_DEVICES` names, e.g. "webgpu" or "webgpu,cuda".
 */
export async function testDevices(): Promise<TestDevice[]> {
  const more = (Deno.env.get("TEST_DEVICES") ?? "").split(",").filter((name) => name);
  return [
    { name: "cpu", device: await openDevice("cpu") },
    { name: "cpu, standard operators", device: bindingDevice(navigator.hardwareConcurrency) },
    ...await Promise.all(more.map(tryDevice)),
  ];
}

async function tryDevice(name: string): Promise<TestDevice> {
  if (!DEVICE_NAMES.includes(name as DeviceName)) {
    throw new RangeError(
      `TEST_DEVICES names no device: "${name}"; there are ${DEVICE_NAMES.join(", ")}`,
    );
  }
  try {
    return { name, device: await openDevice(name as DeviceName) };
  } catch (error) {
    return { name, reason: (error as Error).message };
  }
}
