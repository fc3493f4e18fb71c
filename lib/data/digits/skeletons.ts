import type { Random } from "../../random.ts";

/** A point that the pen passes, x to the right and y down; at a corner the pen turns sharply. */
export type Anchor = [x: number, y: number, corner?: "corner"];

/** What is drawn without lifting the pen. */
export type Stroke = Anchor[];

/**
 * The centre lines of one way to write a digit, about 1 high, its proportions as people write them.
 *
 * Each digit has several forms (a 7 with or without bar, an open or closed 4, …), chosen by how
 * common they are; sizes of loops, tails and hooks vary within each.
 */
export function skeleton(digit: number, random: Random): Stroke[] {
  const draw = FORMS[digit];
  if (!draw) throw new RangeError(`Cannot draw digit ${digit}: digits are 0 … 9`);
  return draw(dice(random));
}

interface Dice {
  /** A normal number cut off at two standard deviations, so that no digit becomes another. */
  near(mean: number, deviation: number): number;
  chance(probability: number): boolean;
}

function dice(random: Random): Dice {
  return {
    near: (mean, deviation) => mean + 1.35 * deviation * Math.max(-2, Math.min(2, random.normal())),
    chance: (probability) => random.uniform() < probability,
  };
}

const FORMS: readonly ((dice: Dice) => Stroke[])[] = [
  zero,
  one,
  two,
  three,
  four,
  five,
  six,
  seven,
  eight,
  nine,
];

function zero({ near, chance }: Dice): Stroke[] {
  const rx = near(0.38, 0.07), start = near(-80, 25);
  // Most people close the ring or overshoot; some come back inside it.
  const sweep = chance(0.75) ? near(-368, 8) : near(-395, 15);
  const end = chance(0.3) ? near(0.86, 0.05) : near(0.98, 0.03);
  const ring = arc(rx, 0.5, rx, 0.5, start, start + sweep, 12, end);
  if (chance(0.15)) ring.unshift([rx + near(0.28, 0.06), near(-0.03, 0.03)]);
  return [ring];
}

function one({ near, chance }: Dice): Stroke[] {
  const bow = near(0, 0.025);
  const stem: Stroke = [[0, 0, "corner"], [bow, 0.5], [near(0, 0.02), 1]];
  if (chance(0.68)) return [stem];
  const flag: Anchor = [near(-0.2, 0.05), near(0.2, 0.05)];
  const strokes: Stroke[] = [[flag, [near(-0.07, 0.02), near(0.1, 0.02)], ...stem]];
  if (chance(0.35)) {
    strokes.push([[near(-0.26, 0.05), near(1, 0.015)], [near(0.26, 0.05), near(0.99, 0.015)]]);
  }
  return strokes;
}

function two({ near, chance }: Dice): Stroke[] {
  const right = near(0.54, 0.06), top = near(0.27, 0.04);
  const hook: Stroke = chance(0.25)
    ? [[near(0.05, 0.03), near(0.3, 0.05)], [near(0.03, 0.03), near(0.15, 0.03)]]
    : [[near(0.0, 0.03), near(0.2, 0.05)]];
  const bowl: Stroke = [
    ...hook,
    [near(0.24, 0.04), near(0, 0.015)],
    [right - 0.06, near(0.1, 0.02)],
    [right, top],
    [right - 0.14, near(0.54, 0.03)],
  ];
  const rise = near(-0.02, 0.05);
  if (chance(0.45)) {
    const size = near(1, 0.3);
    return [[
      ...bowl,
      [0.16, 0.86],
      [0.03, 0.95],
      [-0.07 * size, 0.9],
      [0.02, 0.9 - 0.13 * size],
      [0.2, 0.85],
      [0.4, 0.96 + rise / 2],
      [near(0.68, 0.07), 0.93 + rise],
    ]];
  }
  const foot: Anchor = [near(0.0, 0.04), near(0.96, 0.02)];
  if (chance(0.6)) foot.push("corner");
  return [[
    ...bowl,
    [0.2, 0.77],
    foot,
    [near(0.3, 0.03), near(0.95, 0.025)],
    [near(0.66, 0.08), 0.98 + rise],
  ]];
}

function three({ near, chance }: Dice): Stroke[] {
  const upper = near(0.47, 0.05), lower = near(0.54, 0.06), waist = near(0.46, 0.035);
  const neck = near(0.24, 0.05);
  const top: Stroke = chance(0.12)
    ? [[near(0.02, 0.03), 0.03], [upper, near(0.02, 0.02), "corner"]]
    : [
      [near(0.02, 0.03), near(0.14, 0.04)],
      [near(0.2, 0.03), 0],
      [upper - 0.04, 0.07],
      [upper, waist / 2],
      [upper - 0.08, waist - 0.09],
    ];
  const middle: Stroke = chance(0.2)
    ? [[neck + 0.02, waist], [neck - 0.07, waist + 0.01], [neck, waist - 0.05], [
      neck + 0.1,
      waist + 0.03,
    ]]
    : chance(0.7)
    ? [[neck, waist, "corner"]]
    : [[neck + 0.04, waist - 0.005], [neck + 0.06, waist + 0.015]];
  const left = near(0, 0.05);
  return [[
    ...top,
    ...middle,
    [lower - 0.08, waist + 0.09],
    [lower, near(0.7, 0.03)],
    [lower - 0.1, 0.92],
    [near(0.24, 0.04), 1],
    [left, near(0.88, 0.05)],
  ]];
}

function four({ near, chance }: Dice): Stroke[] {
  const bar = near(0.55, 0.05), stem = near(0.49, 0.04), past = near(0.16, 0.07);
  if (chance(0.2)) {
    // Closed: a triangle, its stem drawn from the top.
    const peak = near(0.42, 0.03);
    return [
      [[peak, 0], [near(0.2, 0.02), bar * 0.5], [0, bar + 0.06, "corner"], [
        stem + past,
        bar + near(0.05, 0.02),
      ]],
      [[peak, near(0.01, 0.02)], [stem - 0.02, 0.5], [near(stem - 0.03, 0.02), 1]],
    ];
  }
  const lean = near(0.02, 0.035);
  const cup: Stroke = chance(0.5)
    ? [[lean + 0.04, near(0.06, 0.05)], [0.03, bar * 0.6], [near(0, 0.02), bar, "corner"]]
    : [[lean + 0.02, near(0.06, 0.05)], [0, bar * 0.65], [0.05, bar - 0.02], [0.16, bar + 0.01]];
  const end = near(1, 0.02), above = near(0, 0.05);
  if (chance(0.35)) {
    // Without lifting the pen: the cup runs up into the stem and back down.
    return [[
      ...cup,
      [0.3, bar - near(0.02, 0.015)],
      [stem - 0.02, bar - 0.12],
      [stem + 0.04, above + 0.04, "corner"],
      [stem, 0.55],
      [near(stem - 0.06, 0.04), end],
    ]];
  }
  return [
    [...cup, [stem * 0.6, bar - 0.01], [stem + past, bar - near(0.03, 0.03)]],
    [[stem + near(0.03, 0.03), above], [stem, 0.5], [near(stem - 0.03, 0.03), end]],
  ];
}

function five({ near, chance }: Dice): Stroke[] {
  const right = near(0.5, 0.06), shoulder = near(0.42, 0.035), hat = near(0.02, 0.03);
  const belly: Stroke = [
    [near(0.27, 0.03), shoulder - near(0.04, 0.025)],
    [right - 0.05, near(0.53, 0.02)],
    [right, near(0.7, 0.03)],
    [right - 0.13, 0.93],
    [near(0.2, 0.04), 1],
    [near(-0.04, 0.05), near(0.9, 0.05)],
  ];
  const tip: Anchor = [near(0.62, 0.08), near(-0.01, 0.04)];
  if (chance(0.2)) {
    // Like an S, in one rounded movement.
    return [[tip, [0.3, near(0.0, 0.015)], [0.1, 0.1], [0.05, 0.28], [0.14, 0.4], ...belly]];
  }
  if (chance(0.45)) {
    return [[tip, [0.12, hat, "corner"], [near(0.06, 0.02), shoulder, "corner"], ...belly]];
  }
  const gap = chance(0.3) ? near(0.05, 0.03) : 0;
  return [
    [[0.12, hat, "corner"], [near(0.06, 0.02), shoulder, "corner"], ...belly],
    [[0.11 + gap, hat - gap / 2], [0.35, hat - 0.01], tip],
  ];
}

function six({ near, chance }: Dice): Stroke[] {
  const loop = near(0.44, 0.05), right = near(0.53, 0.06), top = near(0.31, 0.09);
  const belly = chance(0.3) ? near(-0.04, 0.02) : 0;
  const end = chance(0.7) ? near(0.04, 0.03) : near(0.14, 0.03);
  return [[
    [top, 0],
    [near(0.18, 0.03), near(0.25, 0.03)],
    [0.04 + belly, 0.5],
    [0.01, 0.76],
    [near(0.11, 0.02), 0.96],
    [near(0.28, 0.03), 1],
    [right - 0.04, 1 - loop * 0.3],
    [right - 0.02, 1 - loop * 0.68],
    [near(0.32, 0.02), 1 - loop],
    [0.16, 1 - loop * 0.82],
    [end, near(0.8, 0.03)],
  ]];
}

function seven({ near, chance }: Dice): Stroke[] {
  const right = near(0.56, 0.06), foot = near(0.2, 0.06), top = near(0.03, 0.03);
  const start: Stroke = chance(0.25)
    ? [[near(0.0, 0.02), near(0.16, 0.03)], [near(0.01, 0.02), top + 0.02, "corner"]]
    : [[near(0, 0.03), top + near(0.03, 0.03)]];
  const elbow: Stroke = chance(0.65) ? [[right, top, "corner"]] : [
    [right - 0.1, top],
    [right, top + 0.07],
    [right - 0.03, top + 0.16],
  ];
  const bend = near(0.03, 0.03);
  const strokes: Stroke[] = [[
    ...start,
    [right / 2, top + near(0, 0.02)],
    ...elbow,
    [(right + foot) / 2 - bend, near(0.5, 0.03)],
    [foot, 1],
  ]];
  if (chance(0.22)) {
    const middle = (right + foot) / 2 - bend, tilt = near(0.02, 0.03);
    strokes.push([[middle - near(0.22, 0.04), near(0.53, 0.03) + tilt], [
      middle + near(0.22, 0.05),
      near(0.51, 0.03) - tilt,
    ]]);
  }
  return strokes;
}

function eight({ near, chance }: Dice): Stroke[] {
  const upper = near(0.22, 0.03), lower = near(0.26, 0.035), waist = near(0.46, 0.03);
  const middle = 0.27;
  if (chance(0.12)) {
    // Two rings on top of each other.
    const start = near(90, 15);
    return [
      arc(middle, waist / 2, upper, waist / 2, start, start + near(372, 8), 10),
      arc(middle, (1 + waist) / 2, lower, (1 - waist) / 2, -start, -start - near(372, 8), 10),
    ];
  }
  const opening = chance(0.4) ? near(0.1, 0.04) : near(0.0, 0.02);
  const start: Anchor = [middle + upper - 0.03 + opening, near(0.12, 0.04)];
  return [[
    start,
    [middle + upper * 0.45, 0.01],
    [middle - upper * 0.35, 0.02],
    [middle - upper, waist * 0.45],
    [middle - upper * 0.5, waist * 0.83],
    [middle + lower * 0.45, waist + 0.11],
    [middle + lower, waist + (1 - waist) * 0.56],
    [middle + lower * 0.4, 0.98],
    [middle - lower * 0.5, 0.98],
    [middle - lower, waist + (1 - waist) * 0.6],
    [middle - lower * 0.5, waist + 0.12],
    [middle + upper * 0.55, waist * 0.8],
    [middle + upper - near(0, 0.02), near(0.2, 0.03)],
  ]];
}

function nine({ near, chance }: Dice): Stroke[] {
  const right = near(0.46, 0.04), loop = near(0.46, 0.04);
  const ring: Stroke = [
    [right - near(0.03, 0.03), near(0.1, 0.03)],
    [near(0.28, 0.03), 0],
    [0.08, near(0.09, 0.02)],
    [near(0, 0.02), loop * 0.6],
    [0.1, loop - 0.02],
    [0.26, loop - 0.02],
    [right - 0.06, loop * 0.62],
  ];
  const joint: Anchor = [right, near(0.14, 0.03)];
  if (chance(0.7)) joint.push("corner");
  const tail: Stroke = chance(0.22)
    ? [[right + 0.01, 0.55], [right - 0.07, 0.88], [0.24, 1], [near(0.06, 0.04), near(0.92, 0.03)]]
    : [[right - 0.01, 0.5], [near(right - 0.07, 0.06), 1]];
  return [[...ring, joint, ...tail]];
}

/** Points on an ellipse, angles in degrees clockwise from the right; `end` scales the last radius. */
function arc(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  from: number,
  to: number,
  count: number,
  end = 1,
): Stroke {
  return Array.from({ length: count + 1 }, (_, i) => {
    const part = i / count, angle = (from + (to - from) * part) * Math.PI / 180;
    const radius = 1 + (end - 1) * part;
    return [cx + rx * radius * Math.cos(angle), cy + ry * radius * Math.sin(angle)];
  });
}
