import type { Exercise } from "../../exercise.ts";

/** Picture, factor, channels of the latent, patch. */
type Given = [image: number[], factor: number, latentChannels: number, patch: number];

/** Exercise 5.1. */
export const compressionExercise: Exercise = {
  id: "5.1",
  name: "compression",
  title: "What a latent saves",
  difficulty: 1,
  importance: 3,
  minutes: 5,
  hints: [
    "The factor divides both sides: a latent with factor 4 has a sixteenth of the picture's places.",
    "How many numbers has the picture? How many has the latent? The ratio is the first by the second; channels " +
    "count in both.",
    "A patch of 2 × 2 places is one token. So there are h / 2 of them across, and w / 2 down.",
  ],
  checks: [
    {
      name: "this notebook's pictures: 64 × 64 × 3 → 16 × 16 × 4",
      args: [[64, 64, 3], 4, 4, 2],
      expected: () => ({ latent: [16, 16, 4], ratio: 12, tokens: 64 }),
    },
    {
      name: "the same with patches of one place",
      args: [[64, 64, 3], 4, 4, 1],
      expected: () => ({ latent: [16, 16, 4], ratio: 12, tokens: 256 }),
    },
    {
      name: "a large autoencoder: 512 × 512 × 3 → 16 × 16 × 32",
      args: [[512, 512, 3], 32, 32, 1],
      expected: () => ({ latent: [16, 16, 32], ratio: 96, tokens: 256 }),
    },
    {
      name: "a picture that is wider than high, and grey",
      args: [[32, 96, 1], 8, 2, 2],
      expected: () => ({ latent: [4, 12, 2], ratio: 32, tokens: 12 }),
    },
    {
      name: "factor 1 and three channels is the picture itself",
      args: [[24, 24, 3], 1, 3, 4],
      expected: () => ({ latent: [24, 24, 3], ratio: 1, tokens: 36 }),
    },
  ],
  bugs: [
    {
      name: "one side only",
      says: "The ratio counts one side of the picture. Height and width both become smaller.",
      wrong: (...given: Given) => ({ ...right(...given), ratio: given[1] }),
    },
    {
      name: "places instead of numbers",
      says:
        "The ratio counts places. Each place of the picture has its channels, and each place of the latent has its own.",
      wrong: (...given: Given) => ({ ...right(...given), ratio: given[1] ** 2 }),
    },
    {
      name: "upside down",
      says: "The ratio is upside down: it should be above 1 where the latent is smaller.",
      wrong: (...given: Given) => ({ ...right(...given), ratio: 1 / right(...given).ratio }),
    },
    {
      name: "channels first",
      says: "The sizes of the latent are in another order: here height, width, channels.",
      wrong: (...given: Given) => {
        const { latent: [h, w, c], ...others } = right(...given);
        return { latent: [c, h, w], ...others };
      },
    },
    {
      name: "patches of one side",
      says: "A patch is a square: it spans `patch` places in both directions.",
      wrong: (...given: Given) => {
        const answer = right(...given), [h, w] = answer.latent as [number, number];
        return { ...answer, tokens: h * w / given[3] };
      },
    },
    {
      name: "patches of the picture",
      says: "These are the patches of the picture. The transformer sees the latent.",
      wrong: (...given: Given) => {
        const [[height, width], , , patch] = given;
        return { ...right(...given), tokens: height! * width! / patch ** 2 };
      },
    },
  ],
};

function right(...[[height, width, channels], factor, c, patch]: Given) {
  const h = height! / factor, w = width! / factor;
  return {
    latent: [h, w, c],
    ratio: height! * width! * channels! / (h * w * c),
    tokens: h * w / patch ** 2,
  };
}
