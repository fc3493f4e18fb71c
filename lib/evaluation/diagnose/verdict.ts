import type { Evidence } from "./examine.ts";
import { FINDINGS } from "./findings.ts";
import { type Link, LINKS } from "./links.ts";
import { percent } from "./numbers.ts";

/** How a link looks. "unknown" where nothing could be measured. */
export type Status = "ok" | "suspect" | "broken" | "unknown";

/** Something that is wrong, or may be. */
export interface Finding {
  link: Link;
  status: "suspect" | "broken";
  /** In a sentence, with its numbers. */
  evidence: string;
  /** What to try. */
  advice: string;
}

/** What is said about one link. */
export interface Verdict {
  link: Link;
  status: Status;
  evidence: string;
  advice: string;
}

/** The verdict on a system; goes into JSON as it is. */
export interface Diagnosis {
  verdicts: Verdict[];
  /** The link to look at first; null if all are fine. */
  first_suspect: Link | null;
  /** The finding behind it. */
  because: Finding | null;
  /** Everything found, what is to be looked at first before the rest. */
  findings: Finding[];
}

/**
 * Judges what was measured. What is broken comes before what is suspect; among equals, what was tested by itself comes
 * before what other faults may cause too: a wrong decoder spoils the samples, but no bad sample spoils the decoder.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const found: Finding[] = [];
  for (const check of FINDINGS) {
    const finding = check(evidence, found);
    if (finding) found.push(finding);
  }
  const findings = [
    ...found.filter(({ status }) => status === "broken"),
    ...found.filter(({ status }) => status === "suspect"),
  ];
  const because = findings[0] ?? null;
  const verdicts = LINKS.map((link): Verdict => {
    const own = findings.filter((finding) => finding.link === link), [first] = own;
    if (!first) return { link, ...fine(link, evidence), advice: "" };
    return {
      link,
      status: first.status,
      evidence: own.map(({ evidence }) => evidence).join("; "),
      advice: first.advice,
    };
  });
  return { verdicts, first_suspect: because?.link ?? null, because, findings };
}

/** What speaks for a link in which nothing was found. */
function fine(link: Link, evidence: Evidence): { status: Status; evidence: string } {
  const { data, decoder, wiring, texts, sampler, field, learning, result } = evidence;
  const ok = (text: string) => ({ status: "ok" as const, evidence: text });
  switch (link) {
    case "data":
      return data.agreement
        ? ok(
          `the ${data.agreement.judge} agrees with ${
            percent(data.agreement.own)
          } of the examples ` +
            `(chance: ${percent(data.agreement.others)}); ${percent(data.duplicates)} duplicates`,
        )
        : { status: "unknown", evidence: "no judge knows these pictures" };
    case "decoder scale":
      return decoder
        ? ok(
          `latents of mean ${decoder.mean.toFixed(2)} and deviation ${
            decoder.deviation.toFixed(2)
          }` +
            (decoder.rows_psnr === null
              ? ""
              : `, decoded at ${decoder.rows_psnr.toFixed(1)} dB of the pictures`),
        )
        : ok(`pixels of mean ${data.mean.toFixed(2)} and deviation ${data.deviation.toFixed(2)}`);
    case "architecture":
      return ok(
        `${
          percent(wiring.same_place)
        } of places come out where they went in; another noise level ` +
          `changes the output by ${percent(wiring.time)}`,
      );
    case "conditioning":
      if (wiring.nothing === null) return { status: "unknown", evidence: "it takes no wishes" };
      return ok(
        (wiring.wish === null
          ? ""
          : `another wish changes the output by ${percent(wiring.wish)}; `) +
          `guidance 3 moves it ${wiring.guidance!.toFixed(2)} times as far` +
          (texts?.own == null ? "" : `; cosine of texts and captions ${texts.own.toFixed(2)}`),
      );
    case "sampler":
      return ok(
        `${percent(sampler.on_example)} of runs in a known field end on an example`,
      );
    case "objective":
      return ok(
        `velocity against the exact one: correlation ${field.correlation.toFixed(2)}, slope ${
          field.slope.toFixed(2)
        }`,
      );
    case "training":
      return ok(
        `loss ${field.model.toFixed(3)} between ${field.exact.toFixed(3)} (exact) and ${
          field.mean.toFixed(3)
        } (always the mean) after ${learning.step} steps; ${percent(result.right)} of samples ` +
          "nearest to the right example",
      );
  }
}
