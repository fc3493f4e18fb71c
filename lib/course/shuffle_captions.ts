import { gatherText } from "../training/examples.ts";
import type { TextData } from "../training/text_data.ts";

/**
 * The same pictures with the wrong captions: in every batch that is learned from, each picture gets the caption of the
 * next one. What is kept aside to measure the loss on stays as it is.
 */
export function shuffleCaptions(data: TextData): TextData {
  return {
    ...data,
    fingerprint: `${data.fingerprint}; captions shuffled`,
    description: `${data.description}, captions shuffled`,
    stream(batchSize) {
      const right = data.stream(batchSize);
      return {
        ...right,
        async next(weights) {
          const rows = await right.next(weights), count = rows.captions.length;
          const other = rows.captions.map((_, i) => (i + 1) % count);
          const captions = other.map((place) => rows.captions[place]!);
          return { ...rows, ...gatherText(rows, other), captions };
        },
      };
    },
  };
}
