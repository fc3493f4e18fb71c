import { encodeAll } from "../../training/prompt_sampler.ts";
import { dot, mean, rowsOf } from "./numbers.ts";
import { spreadPlaces, type Subject } from "./subject.ts";

/** Whether the vectors that the model sees are those of the captions; null for a model without text. */
export interface TextEvidence {
  /** Mean cosine of a row's vector and what the encoder makes of its caption now: 1 if they belong together. */
  own: number | null;
  /** The same with the captions of other rows: what chance gives. */
  others: number | null;
  /** Different vectors per different caption: 1 if none is lost. */
  distinct: number;
  /** Mean length of the vectors: 1, as encoders give them. */
  length: number;
}

const ROWS = 64;

/** Compares the rows' texts with what the encoder says now. */
export async function probeTexts(
  { rows, encoder }: Pick<Subject, "rows" | "encoder">,
): Promise<TextEvidence | null> {
  const { text, captions, size } = rows;
  if (!text || !captions) return null;
  const width = text.pooled.length / size, vectors = rowsOf(text.pooled, width);
  const keys = new Set(vectors.map((vector) => Array.from(vector, (v) => v.toFixed(3)).join()));
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)));
  const distinct = keys.size / new Set(captions).size, length = mean(lengths);
  const places = spreadPlaces(size, ROWS);
  const now = encoder &&
    // A recorded encoder knows only some captions.
    await encodeAll(encoder, places.map((place) => captions[place]!)).catch(() => undefined);
  if (!now) return { own: null, others: null, distinct, length };
  const fresh = rowsOf(now.pooled, width);
  const cosine = (a: number, b: number) =>
    dot(vectors[places[a]!]!, fresh[b]!) /
    Math.max(1e-12, lengths[places[a]!]! * Math.sqrt(dot(fresh[b]!, fresh[b]!)));
  const own = places.map((_, i) => cosine(i, i));
  const others = places.flatMap((_, i) => i === 0 ? [] : [cosine(i, i - 1)]);
  return { own: mean(own), others: mean(others), distinct, length };
}
