import { mediaBundle } from "./media.ts";
import type { Figure } from "./figure.ts";
import { currentTarget, type Target } from "./target.ts";

/**
 * Shows figures one below the other: under the notebook cell that runs, or in the terminal. Done when they are
 * delivered.
 */
export function show(...figures: readonly Figure[]): Promise<void> {
  return showOn(currentTarget(), figures);
}

/** Shows figures on a given target. */
export async function showOn(target: Target, figures: readonly Figure[]): Promise<void> {
  for (const figure of figures) {
    if (target.notebook) await target.notebook.display(mediaBundle(figure), { raw: true });
    else target.write(`${textFor(figure, target)}\n`);
  }
}

/** The figure in lines of text: all that a terminal can show, or only words where somebody reads a log. */
export function textFor({ alt, text, terminal }: Figure, { screen }: Target): string {
  if (!screen) return `${alt}\n${text}`;
  return `${terminal?.(screen) ?? text}\n${alt}`;
}
