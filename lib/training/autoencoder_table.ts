import type { AutoencoderCard, LatentScaling } from "../latents/mod.ts";
import { markdownTable } from "./shipped_table.ts";

/** What {@linkcode autoencoderReadme} tells about one autoencoder. */
export interface AutoencoderEntry {
  name: string;
  bytes: number;
  card: AutoencoderCard | null;
  scaling: LatentScaling;
}

/** `checkpoints/autoencoders/README.md`: what the autoencoders in the folder are, and how they were made. */
export function autoencoderReadme(entries: readonly AutoencoderEntry[]): string {
  const described = entries.flatMap(({ card, ...rest }) => card ? [{ ...rest, card }] : []);
  return [
    "# Autoencoders",
    "",
    "They turn images into latents, in which a diffusion model learns to draw, and back:",
    '`const codec = await openCodec("vae");`. Each file holds the moving average of the weights in half',
    "precision, with the numbers below in the header.",
    "",
    ...markdownTable(
      ["name", "what", "learned from"],
      described.map(({ name, card }) => [`\`${name}\``, card.what, card.trained_on]),
    ),
    "",
    ...markdownTable(
      ["name", "size", "parameters", "made by", "steps", "minutes"],
      described.map(({ name, card, bytes }) => [
        `\`${name}\``,
        `${(bytes / 1e6).toFixed(1)} MB`,
        card.parameters.toLocaleString("en"),
        `\`${card.command}\``,
        card.step.toLocaleString("en"),
        card.minutes.toFixed(1),
      ]),
    ),
    "",
    "Latents that a codec gives are (latent − shift) · scale, measured on images that were learned from;",
    "deviations are those of the channels before that:",
    "",
    ...markdownTable(
      ["name", "images", "shift", "scale", "deviations"],
      described.map(({ name, card: { statistics }, scaling }) => [
        `\`${name}\``,
        statistics.images.toLocaleString("en"),
        list(scaling.shift),
        scaling.scale.toFixed(4),
        list(statistics.deviation),
      ]),
    ),
    "",
    "Images kept aside, encoded and decoded by the weights in the file; PSNR is the mean over images, in",
    "brackets that of the mean squared error:",
    "",
    ...markdownTable(
      ["name", "pixels", "images", "PSNR"],
      described.flatMap(({ name, card }) =>
        card.reconstruction.map(({ size, images, psnr, psnr_of_mean_error }) => [
          `\`${name}\``,
          String(size),
          String(images),
          `${psnr.toFixed(2)} dB (${psnr_of_mean_error.toFixed(2)} dB)`,
        ])
      ),
    ),
    "",
    "`deno task ship RUN --as NAME` makes such a file from a run of an autoencoder and writes this page;",
    "`deno task reconstruct` measures more, `deno task export --autoencoder NAME` writes ONNX files.",
    "",
  ].join("\n");
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2)).join(", ");
}
