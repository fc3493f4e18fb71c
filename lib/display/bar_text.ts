import type { Screen } from "./figure.ts";
import { painted } from "./terminal_plot.ts";

/** A bar as a terminal shows it: a name, a bar from zero, and its value in words. */
export interface TextBar {
  name: string;
  words: string;
  value: number;
  colour: string;
}

/** Lines with bars of block characters, an eighth of a character exact. */
export function barText(
  { title, bars }: { title: string; bars: readonly TextBar[] },
  { columns, colours }: Screen,
): string {
  const names = Math.min(Math.floor(columns / 3), Math.max(...bars.map(({ name }) => name.length)));
  const words = Math.max(...bars.map(({ words }) => words.length));
  const room = Math.max(4, Math.min(40, columns - names - words - 4));
  const finite = bars.map(({ value }) => value).filter(Number.isFinite);
  const most = Math.max(...finite.map(Math.abs)) || 1;
  // With values on both sides of zero bars show sizes only; the words tell the sign.
  const lines = bars.map(({ name, words, value, colour }) => {
    const bar = Number.isFinite(value) ? blocks(Math.abs(value) / most * room) : "";
    return `${name.slice(0, names).padEnd(names)}  ` +
      painted(bar.padEnd(room), colours ? colour : undefined) + `  ${words}`;
  });
  return [title, ...lines.map((line) => line.trimEnd())].join("\n");
}

function blocks(length: number): string {
  const eighths = Math.round(length * 8), full = Math.floor(eighths / 8);
  return "█".repeat(full) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]!;
}
