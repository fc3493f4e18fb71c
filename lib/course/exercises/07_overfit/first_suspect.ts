import type { Exercise } from "../../exercise.ts";

/** What was found, as learners get it. */
type Found = { link: string; status: "broken" | "suspect"; direct: boolean };

const found = (link: string, status: Found["status"], direct: boolean): Found => ({
  link,
  status,
  direct,
});

/** Exercise 7.7. */
export const firstSuspectExercise: Exercise = {
  id: "7.7",
  name: "firstSuspect",
  title: "The first suspect",
  difficulty: 2,
  importance: 3,
  minutes: 8,
  hints: [
    "Four groups, one after the other: broken and direct, broken and not, suspect and direct, suspect and not.",
    "Give each finding a number for its group, 0 to 3. The least comes first; `sort` keeps the order of equals.",
    "Nothing found: `sorted[0]?.link ?? null`.",
  ],
  checks: [
    { name: "a healthy system: nothing found", args: [[]], expected: () => null },
    {
      name: "one finding",
      args: [[found("training", "suspect", false)]],
      expected: () => "training",
    },
    {
      name: "what is broken comes before what is suspect",
      args: [[found("data", "suspect", true), found("sampler", "broken", true)]],
      expected: () => "sampler",
    },
    {
      name: "what was not tested by itself does not overtake what was",
      args: [[found("decoder scale", "broken", true), found("training", "broken", false)]],
      expected: () => "decoder scale",
    },
    {
      name: "what was tested by itself comes before what was not",
      args: [[found("training", "broken", false), found("decoder scale", "broken", true)]],
      expected: () => "decoder scale",
    },
    {
      name: "broken is worse than tested by itself",
      args: [[found("data", "suspect", true), found("objective", "broken", false)]],
      expected: () => "objective",
    },
    {
      name: "among equals, what was found first",
      args: [[
        found("training", "suspect", false),
        found("architecture", "broken", true),
        found("conditioning", "broken", true),
        found("sampler", "suspect", true),
      ]],
      expected: () => "architecture",
    },
    {
      name: "five suspects",
      args: [[
        found("training", "suspect", false),
        found("objective", "suspect", false),
        found("conditioning", "suspect", true),
        found("sampler", "suspect", true),
        found("data", "suspect", false),
      ]],
      expected: () => "conditioning",
    },
  ],
  bugs: [
    {
      name: "the first one",
      says: "This is what was found first, whatever it is. First comes what is broken.",
      wrong: (all: Found[]) => all[0]?.link ?? null,
    },
    {
      name: "the last one",
      says: "Among equals this takes what was found last.",
      wrong: (all: Found[]) => sorted([...all].reverse(), (a) => status(a) + direct(a)),
    },
    {
      name: "direct above all",
      says:
        "A weak sign that was tested by itself comes before a clear fault here. What is broken comes first.",
      wrong: (all: Found[]) => sorted(all, (a) => 2 * direct(a) + status(a) / 2),
    },
    {
      name: "directness ignored",
      says:
        "Whether a link was tested by itself makes no difference here. A poor training may be the work of another link.",
      wrong: (all: Found[]) => sorted(all, status),
    },
    {
      name: "suspects first",
      says: "Suspects come before what is broken: the order is turned round.",
      wrong: (all: Found[]) => sorted(all, (a) => direct(a) - status(a)),
    },
    {
      name: "indirect first",
      says:
        "What was tested through others comes before what was tested by itself: the order is turned round.",
      wrong: (all: Found[]) => sorted(all, (a) => status(a) - direct(a)),
    },
  ],
};

function status(finding: Found): number {
  return finding.status === "broken" ? 0 : 2;
}

function direct(finding: Found): number {
  return finding.direct ? 0 : 1;
}

function sorted(findings: readonly Found[], rank: (finding: Found) => number): string | null {
  return [...findings].sort((a, b) => rank(a) - rank(b))[0]?.link ?? null;
}
