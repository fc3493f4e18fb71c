import { fileURLToPath } from "node:url";
import { liveDisplay } from "../../display/mod.ts";
import { cardHtml, paragraph } from "../card.ts";
import { type SetUpCheck, setUpChecks } from "./set_up_checks.ts";

/** What a check of the set-up found; a problem if it does not work. */
export interface SetUpResult {
  name: string;
  found?: string;
  problem?: string;
  mend?: string;
}

/** Where trainings are saved. */
const RUNS = fileURLToPath(new URL("../../../runs", import.meta.url));

/**
 * Tries everything that the notebooks stand on, shows what works, and says what is wrong and how to mend it.
 * Returns true if all is well.
 */
export async function testSetUp(checks: readonly SetUpCheck[] = setUpChecks({ runs: RUNS })) {
  const live = liveDisplay(), results: SetUpResult[] = [];
  for (const check of checks) {
    results.push(await tryOut(check));
    await live.update(setUpFigure(results, checks.length));
  }
  await live.finish();
  return results.every(({ problem }) => problem === undefined);
}

/** Runs one check; never throws. */
export async function tryOut({ name, run, mend }: SetUpCheck): Promise<SetUpResult> {
  try {
    return { name, found: await run() };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error), mend };
  }
}

/** What was tried so far, out of so many checks. */
export function setUpFigure(results: readonly SetUpResult[], total: number) {
  const wrong = results.filter(({ problem }) => problem !== undefined).length;
  const heading = results.length < total
    ? "Trying everything out …"
    : wrong === 0
    ? "Everything works: you can begin."
    : `${wrong} of ${total} things do not work yet.`;
  const lines = results.map(({ name, found, problem }) =>
    problem === undefined ? `✓ ${name}: ${found}` : `✗ ${name}: ${problem}`
  );
  const mends = results.flatMap(({ mend }) => mend ? [mend] : []);
  const mood = results.length < total ? "waiting" : wrong === 0 ? "right" : "wrong";
  const html = results.map((result) =>
    paragraph(lines[results.indexOf(result)]!) +
    (result.mend ? paragraph(result.mend, "margin-left:18px;font-weight:600") : "")
  ).join("");
  return {
    alt: heading,
    html: cardHtml(heading, html, mood),
    text: [heading, ...lines, ...mends].join("\n"),
  };
}
