import { ramp } from "../display/colours.ts";
import type { ImageBatch } from "../display/mod.ts";
import type { HostTensor } from "../tensors.ts";

/** Noise levels of pixels `[B, H, W, 1]` as pictures in colours: dark blue is data (0), yellow is noise (1). */
export function levelPictures({ shape, data }: HostTensor): ImageBatch {
  const [count, height, width, channels] = shape;
  if (shape.length !== 4 || channels !== 1) {
    throw new RangeError(
      `Cannot draw noise levels of shape [${shape.join(", ")}]: expected [B, H, W, 1]`,
    );
  }
  const colours = Array.from(data, (level) => [...ramp("sequential", level)]).flat();
  return {
    // Like other pictures in −1 … 1, so that both can stand in one figure.
    data: Float32Array.from(colours, (byte) => byte / 127.5 - 1),
    count: count!,
    height: height!,
    width: width!,
    channels: 3,
  };
}
