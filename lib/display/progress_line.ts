/** Where progress is shown. */
export interface ProgressOutput {
  write(text: string): void;
  /** A terminal gets one line that is written over; anything else gets a line now and then. */
  terminal: boolean;
  /** Characters per line of a terminal. */
  columns?: number;
}

/** Follows a run on the screen. */
export interface Progress {
  onStep(event: { step: number; loss: number; imagesPerSecond: number }): void;
  onHeldout(event: { step: number; loss: { loss: number } }): void;
  /** Ends the line under way, so that something else can be printed. */
  pause(): void;
}

/** How many lines a run gets where they cannot be written over. */
const LINES = 20;
/** Short enough for 80 columns with everything else. */
const BAR = 12;

/** A progress line with loss, speed and time left. */
export function createProgress(
  steps: number,
  output: ProgressOutput = standardError(),
  now = () => performance.now(),
): Progress {
  let first: { step: number; at: number } | undefined;
  let smoothed = 0, count = 0, heldout = "", shown = -Infinity, open = false;

  return {
    onStep({ step, loss, imagesPerSecond }) {
      first ??= { step, at: now() };
      // A plain mean at first, then one over about twenty steps.
      smoothed += Math.max(0.05, 1 / ++count) * (loss - smoothed);
      const last = step === steps;
      if (output.terminal ? now() - shown < 100 && !last : !isLine(step, steps)) return;
      shown = now();
      const perStep = (now() - first.at) / (step - first.step);
      const line =
        `${bar(step / steps)} ${`${step}/${steps}`.padStart(2 * `${steps}`.length + 1)}` +
        `  loss ${smoothed.toFixed(3)}${heldout}  ${Math.round(imagesPerSecond)} images/s` +
        // How long the first step took is not known, and it is slower than the others.
        (step > first.step ? `  ${duration((steps - step) * perStep / 1000)} left` : "");
      print(line);
    },
    onHeldout({ loss }) {
      heldout = `  held-out ${loss.loss.toFixed(3)}`;
    },
    pause() {
      if (open) output.write("\n");
      open = false;
    },
  };

  function print(line: string): void {
    if (!output.terminal) return output.write(`${line}\n`);
    // Erase what is left of the line before, and never wrap: a wrapped line cannot be written over.
    output.write(`\r${line.slice(0, (output.columns || 80) - 1)}\x1b[K`);
    open = true;
  }
}

/** `"2:05"` or `"1:02:05"`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return "█".repeat(full) + "░".repeat(BAR - full);
}

function isLine(step: number, steps: number): boolean {
  return step === 1 || step === steps || step % Math.ceil(steps / LINES) === 0;
}

/** The error stream, so that results can be piped. */
export function standardError(): ProgressOutput {
  const encoder = new TextEncoder();
  return {
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
    terminal: Deno.stderr.isTerminal(),
    get columns() {
      try {
        return Deno.consoleSize().columns;
      } catch {
        return 80;
      }
    },
  };
}
