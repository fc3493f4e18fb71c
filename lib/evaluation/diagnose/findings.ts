import type { Evidence } from "./examine.ts";
import { percent } from "./numbers.ts";
import { THRESHOLDS as limit } from "./thresholds.ts";
import type { Link } from "./links.ts";
import type { Finding } from "./verdict.ts";
import { GUIDANCE } from "./wiring.ts";

/** Looks for one thing; hears what was found before it. */
type Check = (evidence: Evidence, before: readonly Finding[]) => Finding | undefined;

/**
 * Everything that is looked for, in the order of suspicion: first what was tested by itself, then what training shows,
 * last what is left when nothing else explains it.
 */
export const FINDINGS: readonly Check[] = [
  // Data.
  ({ data: { agreement } }) => {
    if (!agreement) return;
    const { own, previous, next, others, judge } = agreement;
    const neighbour = Math.max(previous, next);
    if (neighbour > own + limit.shifted) {
      return broken(
        "data",
        `the ${judge} agrees with ${percent(own)} of the words, but with ${
          percent(neighbour)
        } of ` +
          `those of the ${next > previous ? "next" : "previous"} example`,
        "words are off by one: count rows and captions where they are read",
      );
    }
    if (own >= limit.agreement.suspect) return;
    return {
      link: "data",
      status: own < limit.agreement.broken ? "broken" : "suspect",
      evidence: `the ${judge} agrees with ${percent(own)} of the words (chance: ${
        percent(others)
      })`,
      advice: "look at the pictures with their words: deno task data preview",
    };
  },
  ({ data: { duplicates } }) =>
    duplicates <= limit.duplicates.suspect ? undefined : {
      link: "data",
      status: duplicates > limit.duplicates.broken ? "broken" : "suspect",
      evidence: `${percent(duplicates)} of the examples are copies of others`,
      advice: "drop copies, or count them once",
    },
  ({ data: { blank } }) =>
    blank <= 0.02 ? undefined : broken(
      "data",
      `${percent(blank)} of the examples are blank`,
      "look at the pictures as they are loaded: deno task data preview",
    ),
  // Encoding and decoding.
  ({ decoder }) => {
    if (!decoder) return;
    const { slope, correlation } = decoder;
    if (slope !== null && correlation !== null && correlation < limit.correlation) {
      return broken(
        "decoder scale",
        `the rows correlate ${
          correlation.toFixed(2)
        } with what the codec makes of their pictures now`,
        "the latents are of another codec or in another order of axes: prepare them again",
      );
    }
    if (slope !== null && outside(slope, limit.slope)) {
      return broken(
        "decoder scale",
        `the rows are ${slope.toFixed(2)} times what the codec makes of their pictures now`,
        "multiply by the scaling factor once when encoding, divide once when decoding",
      );
    }
  },
  ({ decoder }) => {
    if (!decoder || decoder.best_scale === null || decoder.best_scale === 1) return;
    if (decoder.best_psnr! < decoder.rows_psnr! + limit.better) return;
    return broken(
      "decoder scale",
      `rows times ${decoder.best_scale} decode to ${
        decoder.best_psnr!.toFixed(1)
      } dB, as they are to ${decoder.rows_psnr!.toFixed(1)} dB`,
      "divide by the scaling factor once before decoding, and by no other",
    );
  },
  ({ decoder }) => {
    if (!decoder || !outside(decoder.deviation, limit.deviation.suspect)) return;
    return {
      link: "decoder scale",
      status: outside(decoder.deviation, limit.deviation.broken) ? "broken" : "suspect",
      evidence: `latents have deviation ${decoder.deviation.toFixed(2)}, expected about 1`,
      advice: "set the scaling factor to 1 / deviation of the raw latents",
    };
  },
  ({ decoder }) =>
    decoder?.rows_psnr == null || decoder.rows_psnr >= limit.psnr.suspect ? undefined : {
      link: "decoder scale",
      status: decoder.rows_psnr < limit.psnr.broken ? "broken" : "suspect",
      evidence: `decoded rows are ${decoder.rows_psnr.toFixed(1)} dB from their pictures ` +
        `(the codec alone: ${decoder.codec_psnr!.toFixed(1)} dB)`,
      advice: "no sample can look better than this: check scale, order of channels and decoder",
    },
  // Texts.
  ({ texts }) =>
    !texts || texts.distinct >= limit.distinct ? undefined : broken(
      "conditioning",
      `there are ${texts.distinct.toFixed(2)} different text vectors per different caption, ` +
        `of length ${texts.length.toFixed(2)}`,
      "the texts are lost between encoder and model: print the vectors of two captions",
    ),
  ({ texts }) =>
    texts?.own == null || texts.own >= limit.text ? undefined : broken(
      "conditioning",
      `cosine of the rows' texts and their captions is ${texts.own.toFixed(2)} ` +
        `(other captions: ${texts.others!.toFixed(2)})`,
      "the texts belong to other rows or to another encoder: encode the captions again",
    ),
  // Wiring.
  ({ wiring }) =>
    wiring.same_place >= limit.same_place ? undefined : broken(
      "architecture",
      `only ${
        percent(wiring.same_place)
      } of changed places change the output at the same place most`,
      "test that unpatchify(patchify(x)) is x, and that rows and columns are not swapped",
    ),
  ({ wiring }) =>
    wiring.time >= limit.connected ? undefined : broken(
      "architecture",
      `telling another noise level changes the output by ${percent(wiring.time)}`,
      "follow t from the batch to the modulations: it does not arrive",
    ),
  ({ wiring }) =>
    wiring.wish === null || wiring.wish >= limit.connected ? undefined : broken(
      "conditioning",
      `asking for something else changes the output by ${percent(wiring.wish)}`,
      "follow the label or text from the batch into the network: it does not arrive",
    ),
  ({ wiring }) =>
    wiring.nothing === null || wiring.nothing >= limit.connected ? undefined : broken(
      "conditioning",
      `asking for nothing changes the output by ${percent(wiring.nothing)}`,
      "the null class or null text is not told apart: check the dropout of conditions",
    ),
  ({ wiring: { guidance } }) =>
    guidance === null || !outside(guidance / GUIDANCE, limit.guidance) ? undefined : broken(
      "conditioning",
      `guidance ${GUIDANCE} moves the velocity by ${guidance.toFixed(2)} · (v_cond − v_uncond)`,
      "v = v_uncond + scale · (v_cond − v_uncond): check signs and order of the two halves",
    ),
  // Sampler.
  ({ sampler }) =>
    sampler.on_example >= limit.on_example && sampler.from > limit.read_from &&
      sampler.to < limit.read_to
      ? undefined
      : broken(
        "sampler",
        `${
          percent(sampler.on_example)
        } of runs in the exact field of the examples end on one (median ` +
          `distance ${
            percent(sampler.distance / sampler.between)
          } of that between examples); the ` +
          `field was read from t = ${sampler.from.toFixed(2)} to ${sampler.to.toFixed(2)}`,
        "integrate from t = 1 (noise) to t = 0 (data), x ← x + (t_next − t) · v",
      ),
  // What was trained.
  ({ learning: { loss_ratio } }) =>
    loss_ratio === null || !outside(loss_ratio, limit.loss_ratio) ? undefined : broken(
      "objective",
      `the trained loss is ${
        loss_ratio.toPrecision(3)
      } times the mean square of x1 − x0 minus the ` +
        "velocity that pictures are drawn with",
      "compare the target with x1 − x0: its sign, its scale, and what the output is taken for",
    ),
  ({ learning: { diverged } }) =>
    diverged === null
      ? undefined
      : broken("training", diverged, "lower the learning rate tenfold, keep warm-up and clipping"),
  ({ learning, field }) =>
    field.excess < limit.excess.nothing || learning.growth < limit.growth ? undefined : broken(
      "training",
      `weights grew ${learning.growth.toFixed(0)} times, and the loss ${
        field.model.toFixed(2)
      } is no ` +
        `better than always saying the mean (${field.mean.toFixed(2)})`,
      "lower the learning rate tenfold, keep warm-up and clipping",
    ),
  ({ learning: { ema_loss, params_loss, step } }) =>
    ema_loss === null || ema_loss / params_loss < limit.ema ? undefined : broken(
      "training",
      `the moving average has ${
        (ema_loss / params_loss).toFixed(1)
      } times the loss of the weights it ` +
        `averages after ${step} steps`,
      "its memory is longer than the run: lower ema.decay, or let it warm up",
    ),
  ({ field }) =>
    field.correlation > limit.opposite ? undefined : broken(
      "objective",
      `the velocity points against the exact one: correlation ${field.correlation.toFixed(2)}`,
      "the target is x1 − x0, from data to noise",
    ),
  ({ field: { correlation, scale } }) =>
    correlation < limit.aligned || !outside(scale, limit.field_scale) ? undefined : broken(
      "objective",
      `the velocity is ${scale.toFixed(2)} times as long as one that knows as much should be ` +
        `(correlation with the exact one ${correlation.toFixed(2)})`,
      "target and sampler disagree about the scale of the velocity",
    ),
  // What is left.
  ({ field, wiring, data }) => {
    if (
      !data.complete || wiring.wish === null || field.other === null ||
      field.excess > limit.excess.little
    ) return;
    const worse = field.other / field.model - 1;
    if (worse >= limit.followed) return;
    return {
      link: "conditioning",
      status: "suspect",
      evidence: `asked for another example the loss is ${
        percent(worse)
      } higher: wishes are not followed`,
      advice: "check that labels or texts belong to the pictures beside them in a batch",
    };
  },
  ({ field, learning, result, data }, before) => {
    // A model of more examples than were looked at has no need to know them by heart.
    if (!data.complete || before.some(({ status }) => status === "broken")) return;
    const poor = field.excess > limit.excess.little;
    if (!poor && result.right >= limit.right) return;
    const evidence = `loss ${field.model.toFixed(3)} is ${
      percent(field.excess)
    } of the way from the exact field (${field.exact.toFixed(3)}) to always saying the mean (${
      field.mean.toFixed(3)
    }); ${percent(result.right)} of samples are nearest to the right example`;
    if (poor && learning.parameters_per_number < limit.capacity) {
      return broken(
        "architecture",
        `${evidence}, with ${
          learning.parameters_per_number.toPrecision(2)
        } parameters for each number to memorise`,
        "a wider or deeper model, or fewer examples",
      );
    }
    return {
      link: "training",
      status: "suspect",
      evidence,
      advice: (learning.falling ?? 1) < 0.97
        ? "the loss still falls: train longer"
        : "train longer, or try another learning rate",
    };
  },
];

function broken(link: Link, evidence: string, advice: string): Finding {
  return { link, status: "broken", evidence, advice };
}

/** Whether a factor is farther from 1 than another, in either direction. */
function outside(value: number, factor: number): boolean {
  return !(value < factor && value > 1 / factor);
}
