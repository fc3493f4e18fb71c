import type { Figure } from "./figure.ts";
import { type MediaBundle, mediaBundle } from "./media.ts";
import { joined } from "./row_figure.ts";
import { textFor } from "./show.ts";
import { currentTarget, type Target } from "./target.ts";

/** One place on the page, or in the terminal, whose content is replaced. */
export interface LiveDisplay {
  /**
   * Replaces what is shown by these figures, one below the other; a function is called only if its figure comes to
   * be shown. Cheap to call often: what comes within a quarter of a second of the last is held back, and the newest
   * of it is shown when that time is over. Call `finish` at the end.
   */
  update(...figures: readonly (Figure | (() => Figure))[]): Promise<void>;
  /** Shows these figures, or the newest, at once and for good; done when they are delivered. */
  finish(...figures: readonly (Figure | (() => Figure))[]): Promise<void>;
}

/** Options of {@linkcode liveDisplay}. */
export interface LiveOptions {
  /** Where it is shown; by default where the program runs. */
  target?: Target;
  /** Least time from one update to the next in milliseconds, 250 by default. */
  every?: number;
  now?: () => number;
}

/** A log gets a state this often at most, in milliseconds. */
const LOG_EVERY = 20_000;

/** Opens a place in the notebook or the terminal that is updated in place. */
export function liveDisplay(options: LiveOptions = {}): LiveDisplay {
  const { target = currentTarget(), now = () => performance.now() } = options;
  const { every = target.notebook || target.screen ? 250 : LOG_EVERY } = options;
  const place = target.notebook ? notebookPlace(target.notebook) : terminalPlace(target);
  let newest: readonly (Figure | (() => Figure))[] = [], changed = false;
  let shown = -Infinity, timer: ReturnType<typeof setTimeout> | undefined;
  let delivery = Promise.resolve();

  /** After what is on its way, so that an older state never comes after a newer one. */
  function deliver(last: boolean): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    shown = now();
    delivery = delivery.catch(() => {}).then(async () => {
      // A notebook has had a passing state in one form only.
      if (newest.length === 0 || !changed && !(last && target.notebook)) return;
      changed = false;
      const figures = newest.map((figure) => typeof figure === "function" ? figure() : figure);
      const whole = figures.length === 1 ? figures[0]! : joined(figures, altOf(figures), "column");
      await place(whole, last);
    });
    return delivery;
  }

  function take(figures: typeof newest): void {
    if (figures.length === 0) return;
    newest = figures;
    changed = true;
  }

  return {
    async update(...figures) {
      take(figures);
      const wait = shown + every - now();
      if (wait <= 0) return await deliver(false);
      timer ??= setTimeout(() => void deliver(false).catch(() => {}), wait);
    },
    finish(...figures) {
      take(figures);
      return deliver(true);
    },
  };
}

type Place = (figure: Figure, last: boolean) => Promise<void> | void;

/** The first state opens a display, the later ones replace its content. */
function notebookPlace(notebook: NonNullable<Target["notebook"]>): Place {
  const display_id = crypto.randomUUID();
  let update = false;
  return async (figure, last) => {
    const bundle = last ? mediaBundle(figure) : passing(figure);
    const options = { raw: true as const, display_id, update };
    update = true;
    await notebook.display(bundle, options);
  };
}

/** What is shown for a moment only: in one form, and without watching for a change of the page's colours. */
function passing(figure: Figure): MediaBundle {
  const { "text/html": html = "" } = mediaBundle(figure);
  return {
    "text/html": html.replaceAll("<div data-figure=", "<div data-passing data-figure="),
    "text/plain": figure.alt,
  };
}

/** Writes over the lines of the state before; where nobody looks, states follow each other. */
function terminalPlace(target: Target): Place {
  const { screen } = target;
  let lines = 0;
  return (figure) => {
    // Only what is still on the screen can be written over.
    const text = textFor(figure, target).split("\n").slice(-((screen?.rows ?? Infinity) - 2));
    // Up to the first of the lines, and erase from there.
    const back = screen && lines > 0 ? `\x1b[${lines}F\x1b[J` : "";
    target.write(`${back}${text.join("\n")}\n`);
    lines = text.reduce((sum, line) => sum + linesOf(line, screen?.columns ?? Infinity), 0);
  };
}

/** Lines of the screen that a text takes; colours take no place. */
function linesOf(text: string, columns: number): number {
  // deno-lint-ignore no-control-regex
  const seen = text.replaceAll(/\x1b\[[\d;]*m/g, "");
  return Math.max(1, Math.ceil([...seen].length / columns));
}

function altOf(figures: readonly Figure[]): string {
  return figures.map(({ alt }) => alt.replace(/\.$/, "")).join(". ");
}
