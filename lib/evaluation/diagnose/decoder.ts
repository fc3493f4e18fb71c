import { compareImages } from "../../latents/reconstruction.ts";
import { sizeOf } from "../../tensors.ts";
import { agreement, spread } from "./numbers.ts";
import { gatherX0, spreadPlaces, type Subject } from "./subject.ts";

/** Whether latents mean the same to the model and to the decoder; null for a model of pixels. */
export interface DecoderEvidence {
  /** Pictures → latents → pictures by the codec alone, in dB; null where the pictures are not there. */
  codec_psnr: number | null;
  /** The rows that the model learns from, decoded, beside the pictures they were made of. */
  rows_psnr: number | null;
  /** Of the rows: about 0 and 1 if their scale is right. */
  mean: number;
  deviation: number;
  /** The rows against what the codec makes of the same pictures now: 1 and 1 if they belong together. */
  correlation: number | null;
  slope: number | null;
  /** The factor, of some, at which the rows decode best, and how well: 1 if nothing is wrong. */
  best_scale: number | null;
  best_psnr: number | null;
}

const PICTURES = 24;
/** Factors by which a scale is usually wrong: forgotten, or applied twice. */
const SCALES = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

/** Looks at encoding and decoding alone: no model takes part. */
export async function probeDecoder(
  { rows, pictures, codec }: Pick<Subject, "rows" | "pictures" | "codec">,
): Promise<DecoderEvidence | null> {
  if (!codec) return null;
  const places = spreadPlaces(rows.size, PICTURES), latents = gatherX0(rows, places);
  const { mean: middle, deviation } = spread(rows.x0);
  if (!pictures) {
    return {
      codec_psnr: null,
      rows_psnr: null,
      mean: middle,
      deviation,
      correlation: null,
      slope: null,
      best_scale: null,
      best_psnr: null,
    };
  }
  const size = sizeOf(pictures.shape);
  const originals = new Float32Array(places.length * size);
  places.forEach((place, i) =>
    originals.set(pictures.images.subarray(place * size, (place + 1) * size), i * size)
  );
  const now = await codec.encode(originals, pictures.shape);
  const psnr = async (latents: Float32Array<ArrayBuffer>) => {
    const decoded = await codec.decode(latents, rows.shape);
    return compareImages(originals, decoded, size).psnr;
  };
  const { correlation, slope } = agreement([latents], [now]);
  let best_scale = 1, best_psnr = -Infinity;
  for (const scale of SCALES) {
    const found = await psnr(latents.map((value) => scale * value));
    if (found > best_psnr) [best_scale, best_psnr] = [scale, found];
  }
  return {
    codec_psnr: await psnr(now),
    rows_psnr: await psnr(latents),
    mean: middle,
    deviation,
    correlation,
    slope,
    best_scale,
    best_psnr,
  };
}
