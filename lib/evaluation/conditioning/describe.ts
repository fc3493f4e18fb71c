import type { Conditioning } from "./measure.ts";

/** Below this share of its own size, a change of the velocity is taken for none. */
const DEAF = 0.01;

/** What the numbers say, in sentences for people. */
export function conditioningSentences(found: Conditioning): string[] {
  const { wish_sensitivity: wishes, time_sensitivity: time, levels, ratio } = found;
  const sentences: string[] = [];
  if (ratio !== null) {
    const most = wishes.reduce((a, b) => a.between >= b.between ? a : b);
    const least = wishes.reduce((a, b) => a.between <= b.between ? a : b);
    const silent = Math.max(...wishes.map(({ to_nothing }) => to_nothing));
    sentences.push(
      most.between < DEAF
        ? `Wishes change the velocity by less than ${
          percent(DEAF)
        } at every noise level: the model ` +
          "does not hear what it is asked for"
        : `Another wish changes the velocity most at t = ${most.t}, by ${
          percent(most.between)
        } of its ` +
          `size, and least at t = ${least.t}, by ${percent(least.between)}`,
      silent < DEAF
        ? "Asking for nothing is like asking for something: guidance has nothing to amplify"
        : `Asking for nothing instead changes it by up to ${percent(silent)}`,
      `Pictures of different wishes from one noise are ${ratio.toFixed(2)} times as far apart as ` +
        "pictures of one wish from different noises",
    );
  }
  const off = time.flatMap((row, i) => row.filter((_, j) => j !== i));
  const neighbours = time.flatMap((row, i) => row[i + 1] === undefined ? [] : [row[i + 1]!]);
  sentences.push(
    Math.max(...off) < DEAF
      ? `Told a wrong noise level, the network answers the same within ${
        percent(DEAF)
      }: it does not hear t`
      : `Told the next noise level instead of the true one (${levels[0]} … ${
        levels.at(-1)
      }), the ` +
        `network changes its answer by ${percent(Math.min(...neighbours))} to ` +
        percent(Math.max(...neighbours)),
  );
  return sentences;
}

/** The numbers for a terminal. */
export function conditioningTable(found: Conditioning): string {
  const { wish_sensitivity: wishes, time_sensitivity: time, levels } = found;
  const rows = [
    ["t", ...levels.map(String)],
    ...(wishes.length > 0
      ? [
        ["another wish", ...wishes.map(({ between }) => percent(between))],
        ["no wish", ...wishes.map(({ to_nothing }) => percent(to_nothing))],
      ]
      : []),
    ...time.map((row, i) => [`true t ${levels[i]}`, ...row.map(percent)]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")
  );
  const { same_noise: noise, same_wish: wish } = found;
  return [
    "Change of the velocity at noise level t with another wish or none, in per cent of its size;",
    "below, change of the network's output at a true t when it is told the t of the column.",
    "",
    ...lines,
    "",
    ...(wishes.length > 0
      ? [`one noise, all wishes  ${noise.mean.toFixed(3)} apart (${spread(noise)})`]
      : []),
    `one wish, all noises   ${wish.mean.toFixed(3)} apart (${spread(wish)})`,
    "",
    ...conditioningSentences(found).map((sentence) => `${sentence}.`),
  ].join("\n");
}

function spread({ least, most }: { least: number; most: number }): string {
  return `${least.toFixed(3)} to ${most.toFixed(3)}`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1)} %`;
}
