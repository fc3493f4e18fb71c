import type { Diagnosis } from "./verdict.ts";
import { LINKS } from "./links.ts";

const WIDTH = 100;

/** The verdict as lines for a terminal: one link after the other, what was found, what to try. */
export function diagnosisTable({ verdicts, because }: Diagnosis): string {
  const name = Math.max(...LINKS.map((link) => link.length));
  const lines = verdicts.flatMap(({ link, status, evidence, advice }) => {
    const text = wrap(evidence, WIDTH - name - 11);
    const rest = advice ? wrap(`Try: ${advice}`, WIDTH - name - 11) : [];
    return [...text, ...rest].map((line, i) =>
      `${(i === 0 ? link : "").padEnd(name)}  ${(i === 0 ? status : "").padEnd(7)}  ${line}`
    );
  });
  return [...lines, "", headline(because)].join("\n");
}

/** What to look at first, in a sentence. */
export function headline(because: Diagnosis["because"]): string {
  return because
    ? `First suspect: ${because.link}. ${because.evidence.charAt(0).toUpperCase()}${
      because.evidence.slice(1)
    }.`
    : "No link is suspect.";
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
