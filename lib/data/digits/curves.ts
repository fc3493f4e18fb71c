import type { Stroke } from "./skeletons.ts";

/** A line through many points: x and y in turn. */
export type Polyline = number[];

/**
 * The smooth curve of a stroke: centripetal Catmull–Rom splines between its corners.
 *
 * `spacing` is the distance between points, in the units of the stroke. Centripetal, since it is
 * the one parameterisation that never overshoots or loops between unevenly spaced anchors
 * (Yuksel et al., "Parameterization and applications of Catmull–Rom curves", 2011).
 */
export function smoothCurve(stroke: Stroke, spacing = 0.04): Polyline {
  const line: Polyline = [stroke[0]![0], stroke[0]![1]];
  for (let i = 0; i + 1 < stroke.length; i++) {
    const p1 = stroke[i]!, p2 = stroke[i + 1]!;
    // At a corner or an end the neighbour is the point itself: the tangent is one-sided.
    const p0 = i === 0 || p1[2] ? p1 : stroke[i - 1]!;
    const p3 = i + 2 === stroke.length || p2[2] ? p2 : stroke[i + 2]!;
    const t01 = knot(p0, p1), t12 = knot(p1, p2), t23 = knot(p2, p3);
    const steps = Math.max(1, Math.ceil(Math.hypot(p2[0] - p1[0], p2[1] - p1[1]) / spacing));
    for (let step = 1; step <= steps; step++) {
      for (const axis of [0, 1] as const) {
        line.push(
          hermite(p0[axis], p1[axis], p2[axis], p3[axis], t01, t12, t23, step / steps),
        );
      }
    }
  }
  return line;
}

/** Square root of the distance: what makes the spline centripetal. */
function knot(a: Stroke[number], b: Stroke[number]): number {
  return Math.sqrt(Math.hypot(b[0] - a[0], b[1] - a[1]));
}

function hermite(
  p0: number,
  p1: number,
  p2: number,
  p3: number,
  t01: number,
  t12: number,
  t23: number,
  t: number,
): number {
  const chord = p2 - p1;
  const m1 = t01 === 0 ? chord : chord + t12 * ((p1 - p0) / t01 - (p2 - p0) / (t01 + t12));
  const m2 = t23 === 0 ? chord : chord + t12 * ((p3 - p2) / t23 - (p3 - p1) / (t12 + t23));
  const t2 = t * t, t3 = t2 * t;
  return p1 + m1 * t + (3 * chord - 2 * m1 - m2) * t2 + (m1 + m2 - 2 * chord) * t3;
}
