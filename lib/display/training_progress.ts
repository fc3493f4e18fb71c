import type { Figure } from "./figure.ts";
import { type LiveDisplay, liveDisplay } from "./live.ts";
import { addLoss, type LossCurve, lossFigure } from "./loss_curve.ts";
import { createProgress, duration, type Progress, type ProgressOutput } from "./progress_line.ts";
import { joined } from "./row_figure.ts";
import { showOn } from "./show.ts";
import { escape } from "./svg.ts";
import { currentTarget, type Target } from "./target.ts";

/** Options of {@linkcode trainingProgress}. */
export interface TrainingProgressOptions {
  /** What is trained, as the heading; "Training" by default. */
  title?: string;
  /** Where it is shown; by default where the program runs. */
  target?: Target;
  /** Least time from one update of a notebook to the next in milliseconds, 500 by default. */
  every?: number;
  /** Milliseconds, for the time left. */
  now?: () => number;
}

/** Follows a training run on the screen; `onStep` and `onHeldout` fit the watcher of the trainer. */
export interface TrainingProgress {
  onStep(event: { step: number; loss: number; imagesPerSecond: number }): void;
  onHeldout(event: { step: number; loss: { loss: number } }): void;
  /** Adds a loss of an earlier run that this one goes on from; the time left is guessed without it. */
  before(event: { step: number; loss: number }): void;
  /** Shows newer samples beside the loss. */
  showSamples(samples: Figure): void;
  /**
   * Shows the final state, complete and without a bar; done when it is delivered. The sentence says how it ended
   * ("stopped, a checkpoint is saved"), by default with how many steps.
   */
  finish(sentence?: string): Promise<void>;
}

/** What is known of a run so far. */
interface State extends LossCurve {
  title: string;
  steps: number;
  step: number;
  imagesPerSecond: number;
  secondsLeft: number | undefined;
  seconds: number;
  samples: Figure | undefined;
}

/**
 * Shows training as it goes on: a bar, step, loss, images per second, time left, the loss curve and the newest
 * samples. A notebook has them in one place that is updated, a terminal has one line until the end, a log has a
 * line now and then.
 */
export function trainingProgress(
  steps: number,
  options: TrainingProgressOptions = {},
): TrainingProgress {
  const { title = "Training", target = currentTarget(), every = 500 } = options;
  const { now = () => performance.now() } = options;
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot follow ${steps} steps: expected a whole number above 0`);
  }
  const live: LiveDisplay | undefined = target.notebook && liveDisplay({ target, every, now });
  const line: Progress | undefined = live ? undefined : createProgress(steps, lineOf(target), now);
  const state: State = {
    title,
    steps,
    step: 0,
    imagesPerSecond: 0,
    secondsLeft: undefined,
    seconds: 0,
    loss: undefined,
    curve: [],
    heldout: [],
    samples: undefined,
  };
  let first: { step: number; at: number } | undefined;
  const changed = () => void live?.update(() => viewOf(state)).catch(() => {});

  return {
    onStep(event) {
      const { step, imagesPerSecond } = event, at = now();
      first ??= { step, at };
      Object.assign(state, { step, imagesPerSecond, seconds: (at - first.at) / 1000 });
      // How long the first step took is not known, and it is slower than the others.
      if (step > first.step) {
        state.secondsLeft = (steps - step) * state.seconds / (step - first.step);
      }
      addLoss(state, event);
      line?.onStep(event);
      changed();
    },
    before(event) {
      addLoss(state, event);
      changed();
    },
    onHeldout({ step, loss }) {
      state.heldout.push([step, loss.loss]);
      line?.onHeldout({ step, loss });
      changed();
    },
    showSamples(samples) {
      state.samples = samples;
      changed();
    },
    async finish(sentence) {
      line?.pause();
      const end = sentence ??
        `${state.step.toLocaleString("en")} of ${steps.toLocaleString("en")} steps` +
          ` in ${duration(state.seconds)}`;
      const view = viewOf(state, end);
      if (!live) return await showOn(target, [view]);
      await live.finish(view);
    },
  };
}

function lineOf({ screen, write }: Target): ProgressOutput {
  return { write, terminal: screen !== undefined, ...(screen && { columns: screen.columns }) };
}

/** Facts above, the loss curve and the samples side by side below. */
function viewOf(state: State, end?: string): Figure {
  const facts = factsOf(state, end);
  const pictures = [
    ...(state.curve.length > 1 ? [lossFigure(state, state.step, state.steps)] : []),
    ...(state.samples ? [state.samples] : []),
  ];
  if (pictures.length === 0) return facts;
  const alt = pictures.map((figure) => figure.alt).join(". ");
  const both = pictures.length === 1 ? pictures[0]! : joined(pictures, alt, "row");
  const { svg, png, size } = both;
  return {
    alt: `${facts.alt}. ${alt}`,
    // A still picture of the end; the facts are in the words beside it.
    ...(svg && { svg }),
    ...(png && { png }),
    ...(size && { size }),
    html: `${facts.html}${both.html}`,
    text: `${facts.text}\n${both.text}`,
    terminal: (screen) => `${both.terminal?.(screen) ?? both.text}\n${facts.text}`,
  };
}

function factsOf(state: State, end?: string): Figure {
  const { title, step, steps, loss, heldout, imagesPerSecond, secondsLeft } = state;
  const aside = heldout.at(-1)?.[1];
  const facts = [
    end ?? `step ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(aside === undefined ? [] : [`held-out ${aside.toFixed(3)}`]),
    ...(step > 0 ? [`${Math.round(imagesPerSecond).toLocaleString("en")} images/s`] : []),
    ...(secondsLeft === undefined || end !== undefined ? [] : [`${duration(secondsLeft)} left`]),
  ].join(" · ");
  const bar = end === undefined
    ? `<progress max="${steps}" value="${step}" aria-label="${escape(title)}" ` +
      `style="width:min(100%,640px);height:10px;accent-color:#2f8fc4"></progress>`
    : "";
  return {
    alt: `${title}: ${facts}`,
    html: `<div style="margin:0 0 8px"><b>${escape(title)}</b> · ` +
      `<span style="font-variant-numeric:tabular-nums">${escape(facts)}</span><br>${bar}</div>`,
    text: `${title}: ${facts}`,
  };
}
