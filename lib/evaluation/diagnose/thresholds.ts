/**
 * Where fine ends. Each was set between what healthy runs of the museum's systems give and what the planted faults
 * give; docs/diagnose.md has the measured numbers.
 */
export const THRESHOLDS = {
  /** Share of examples that the judge confirms. Real pictures: above 0.8; foreign words: below 0.2. */
  agreement: { broken: 0.4, suspect: 0.65 },
  /** How much better the neighbours' words may fit than the own ones: 0 in healthy data. */
  shifted: 0.15,
  /** Share of copies. Generated data have none; a few harm little. */
  duplicates: { broken: 0.5, suspect: 0.05 },
  /** Factor by which latents may be wider or narrower than 1. 48 pictures of the shipped codec: 0.8 … 1.2. */
  deviation: { broken: 1.8, suspect: 1.4 },
  /** Factor between the rows and what the codec says now: 1 to three digits (half precision on disk). */
  slope: 1.05,
  correlation: 0.98,
  /** dB of decoded rows. The shipped codec: 26.7 at 32 pixels, 29.4 at 64. */
  psnr: { broken: 15, suspect: 20 },
  /** dB by which latents of another scale may decode better: none in healthy systems. */
  better: 2,
  /** Cosine of a row's text and its caption: 1 up to half precision; of another caption: 0.1 … 0.5. */
  text: 0.97,
  /** Different vectors per different caption. */
  distinct: 0.9,
  /** Share of places that come out where they went in: 1 with any working dit. */
  same_place: 0.7,
  /** Relative change of the output by time or wish with random weights: 0.1 … 1 where they are connected, exactly 0 if not. */
  connected: 1e-3,
  /** Factor between the step that guidance takes and the one that it should: 1 up to rounding. */
  guidance: 1.05,
  /** Share of runs in a known field that end on an example: 1. */
  on_example: 0.9,
  /** Noise levels at which a field is read first and last: 1, and that of the last step. */
  read_from: 0.9,
  read_to: 0.5,
  /** Factor between the trained and the flow matching loss on one batch: 1 up to rounding. */
  loss_ratio: 1.02,
  /** Correlation of the learned velocity with the exact one: above 0.9 when learned; 0 untrained; −0.8 flipped. */
  opposite: -0.2,
  /** Above this correlation the scale means something. */
  aligned: 0.5,
  /** Factor between the learned velocity and one of the right size: 0.93 … 1.07 in healthy runs, even after 60 steps; 1.2 in a network too small. */
  field_scale: 1.4,
  /** Loss of the moving average over that of the weights it averages: 1.0 where its memory suits the run, 3.5 where not. */
  ema: 1.5,
  /** Loss as a share of the way from the exact field to always saying the mean: 0.07 … 0.15 in healthy runs. */
  excess: { nothing: 0.9, little: 0.5 },
  /** Growth of a part's weights: 2 … 6 in healthy runs, 9 in a network too small; a learning rate too high knows no end. */
  growth: 20,
  /** Parameters per number to memorise, below which a poor loss is blamed on the size. */
  capacity: 1,
  /** How much worse the loss gets when asked for another example, relative to it: 7 and more in healthy runs. */
  followed: 0.02,
  /** Share of samples nearest to an example that asks for the same. */
  right: 0.8,
} as const;
