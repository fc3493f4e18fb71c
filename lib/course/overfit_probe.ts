import type { ImageBatch } from "../display/mod.ts";
import type { Device } from "../engine/mod.ts";
import { type DrawnExamples, probeResult } from "../evaluation/diagnose/result.ts";
import { drawingWeights, type Subject, wishes, x0Of } from "../evaluation/diagnose/subject.ts";
import { openVelocities } from "../evaluation/diagnose/velocities.ts";
import { forkRandom, normals } from "../random.ts";
import { float32, type HostRecord, type HostTensor, sizeOf } from "../tensors.ts";
import { imagesOf } from "../display/mod.ts";

/** Points on the way from examples to noise, as lists of D numbers. */
export interface WayPoints {
  /** Which example each comes from. */
  example: number[];
  /** Its noise level. */
  t: number[];
  /** x_t = (1 − t)·x0 + t·x1, `[N, D]`. */
  x: HostTensor;
  /** The velocity of its straight path, x1 − x0, `[N, D]`. */
  target: HostTensor;
}

/** A trained system and its examples, as lists of D numbers, ready to be asked. */
export interface OverfitProbe {
  /** All examples, `[M, D]`. */
  examples: HostTensor;
  /** A number for each example that is the same where two ask for the same. */
  wishes: number[];
  /** Points of some examples, each from noise of its own, at these noise levels. */
  points(example: readonly number[], t: readonly number[]): WayPoints;
  /** The model's velocity there, `[N, D]`, told the caption of an example each, or nothing. */
  velocity(
    points: Pick<WayPoints, "x" | "t">,
    ask: { wish: readonly number[]; nothing?: boolean; weights?: HostRecord },
  ): Promise<HostTensor>;
  /** Draws some of the examples, each from noise of its own, without guidance. */
  draw(count: number): Promise<Pick<DrawnExamples, "asked"> & { drawn: HostTensor }>;
  /** Lists of numbers as pictures, through the system's own decoder. */
  pictures(values: HostTensor): Promise<ImageBatch>;
  dispose(): Promise<void>;
}

/** Opens a system for the experiments of notebook 07. */
export function openOverfitProbe(device: Device, subject: Subject): OverfitProbe {
  const { rows, codec } = subject, size = sizeOf(rows.shape);
  const velocities = openVelocities(device, subject), learned = drawingWeights(subject);
  const matrix = (lists: readonly Float32Array[]) => {
    const data = new Float32Array(lists.length * size);
    lists.forEach((list, i) => data.set(list, i * size));
    return float32([lists.length, size], data);
  };
  const listsOf = ({ data, shape: [count = 0] }: HostTensor) =>
    Array.from(
      { length: count },
      (_, i) => Float32Array.from(data.subarray(i * size, (i + 1) * size)),
    );

  return {
    examples: float32([rows.size, size], rows.x0),
    wishes: wishes(subject),
    points(example, t) {
      const x0 = x0Of(rows, example), random = forkRandom(0, "noise of the way");
      const x1 = x0.map(() => normals(random, size));
      const mix = x0.map((data, i) =>
        data.map((value, p) => (1 - t[i]!) * value + t[i]! * x1[i]![p]!)
      );
      const target = x0.map((data, i) => data.map((value, p) => x1[i]![p]! - value));
      return { example: [...example], t: [...t], x: matrix(mix), target: matrix(target) };
    },
    async velocity({ x, t }, { wish, nothing = false, weights = learned }) {
      return matrix(await velocities.ask(weights, { x: listsOf(x), t, wish, nothing }));
    },
    async draw(count) {
      const { drawn: { asked, x0 } } = await probeResult(velocities, subject, { samples: count });
      return { asked, drawn: float32([asked.length, size], x0) };
    },
    async pictures({ data, shape: [count = 0] }) {
      const latents = Float32Array.from(data);
      const pixels = codec ? await codec.decode(latents, rows.shape) : latents;
      const channels = codec ? 3 : rows.shape[2];
      const area = pixels.length / count / channels;
      const height = Math.round(Math.sqrt(area * rows.shape[0] / rows.shape[1]));
      return imagesOf(float32([count, height, area / height, channels], pixels));
    },
    dispose: () => velocities.dispose(),
  };
}
