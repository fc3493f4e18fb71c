import type { Random } from "../../random.ts";
import type { Polyline } from "./curves.ts";
import type { Stroke } from "./skeletons.ts";

/** Moves every anchor a little, as no hand meets the same point twice. */
export function jitter(strokes: Stroke[], amount: number, random: Random): Stroke[] {
  return strokes.map((stroke) =>
    stroke.map(([x, y, corner]) => {
      const moved: Stroke[number] = [x + amount * random.normal(), y + amount * random.normal()];
      if (corner) moved.push(corner);
      return moved;
    })
  );
}

/** How one writer's hand bends an ideal form: drawn once per digit, the same for all its strokes. */
export type Bend = (x: number, y: number) => [x: number, y: number];

/** A random hand: width, slant and rotation, then a slow elastic warp of the plane. */
export function randomBend(random: Random): Bend {
  const width = Math.exp(0.08 + 0.22 * limited(random));
  const slant = 0.17 + 0.2 * limited(random);
  const angle = 0.08 * limited(random);
  const cos = Math.cos(angle), sin = Math.sin(angle);
  // Some write the lower half larger than the upper one, some the other way round.
  const taller = 0.14 * limited(random), wider = 0.16 * limited(random);
  const warpX = wave(random), warpY = wave(random);

  return (x, y) => {
    const v = y - 0.5 + taller * (y * y - y);
    const u = (x - 0.27) * width * (1 + wider * v) - slant * v;
    const rx = cos * u - sin * v, ry = sin * u + cos * v;
    return [rx + warpX(rx, ry), ry + warpY(rx, ry)];
  };
}

/** Applies the bend to a line in place and returns it. */
export function bendLine(line: Polyline, bend: Bend): Polyline {
  for (let i = 0; i < line.length; i += 2) {
    [line[i], line[i + 1]] = bend(line[i]!, line[i + 1]!);
  }
  return line;
}

/** Two plane waves, about one period and two across the digit: a displacement of a few percent. */
function wave(random: Random): (x: number, y: number) => number {
  const waves = [{ size: 0.04, speed: 4 }, { size: 0.018, speed: 9 }].map(({ size, speed }) => {
    const direction = 2 * Math.PI * random.uniform();
    return {
      size: size * limited(random),
      x: speed * Math.cos(direction),
      y: speed * Math.sin(direction),
      phase: 2 * Math.PI * random.uniform(),
    };
  });
  return (x, y) => {
    let sum = 0;
    for (const w of waves) sum += w.size * Math.sin(w.x * x + w.y * y + w.phase);
    return sum;
  };
}

/** A normal number within two standard deviations. */
function limited(random: Random): number {
  return Math.max(-2, Math.min(2, random.normal()));
}
