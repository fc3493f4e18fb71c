/**
 * Lets tfjs functions compute at once, on its cpu backend: what small things in notebooks and checks run on.
 * Production mode only keeps tfjs from advertising its other packages.
 */
import "@tensorflow/tfjs-backend-cpu";
import { env, getBackend, setBackend } from "@tensorflow/tfjs-core";

env().set("PROD", true);

/** Makes sure that tfjs computes at once, whatever ran before. */
export async function computeAtOnce(): Promise<void> {
  if (getBackend() !== "cpu") await setBackend("cpu");
}
