import { float32, type HostTensor } from "../tensors.ts";

/** Deviations from a channel's mean that are drawn black and white. */
const REACH = 2.5;

/**
 * Latents as pictures: for each channel grey pictures `[N, factor · h, factor · w, 3]` in [−1, 1], in which each place
 * is a square. A channel's mean over all latents is middle grey, 2.5 deviations from it are black and white.
 */
export function latentPictures(latents: HostTensor, factor: number): HostTensor[] {
  const [count, h, w, channels] = latents.shape as [number, number, number, number];
  const { data } = latents, height = h * factor, width = w * factor;
  return Array.from({ length: channels }, (_, channel) => {
    const { mean, deviation } = statistics(data, channel, channels);
    const pictures = new Float32Array(count * height * width * 3);
    for (let n = 0, to = 0; n < count; n++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const place = (n * h + Math.floor(y / factor)) * w + Math.floor(x / factor);
          const value = (data[place * channels + channel]! - mean) / (REACH * deviation);
          for (let colour = 0; colour < 3; colour++) pictures[to++] = value;
        }
      }
    }
    return float32([count, height, width, 3], pictures);
  });
}

/** Mean and standard deviation of each channel of latents `[N, h, w, c]`. */
export function channelStatistics(
  { data, shape }: HostTensor,
): { mean: number; deviation: number }[] {
  const channels = shape.at(-1)!;
  return Array.from({ length: channels }, (_, channel) => statistics(data, channel, channels));
}

function statistics(data: HostTensor["data"], channel: number, channels: number) {
  let sum = 0, squares = 0;
  for (let i = channel; i < data.length; i += channels) {
    sum += data[i]!;
    squares += data[i]! ** 2;
  }
  const count = data.length / channels, mean = sum / count;
  // A channel without any variation is drawn grey.
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)) || 1 };
}
