type Point = readonly [x: number, y: number];

/**
 * At most about `most` of the points, with the least and the greatest of neighbours where there are more than can
 * be seen, so that spikes stay and noise looks as wide as it is. Points whose y is no number stay as gaps.
 */
export function thin(points: readonly Point[], most: number): Point[] {
  const size = 2 * Math.ceil(points.length / most);
  if (points.length <= most) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const group = points.slice(i * size, (i + 1) * size);
    const numbers = group.filter(([, y]) => Number.isFinite(y));
    const gap = group.filter(([, y]) => !Number.isFinite(y)).slice(0, 1);
    if (numbers.length === 0) return gap;
    const least = numbers.reduce((best, point) => point[1] < best[1] ? point : best);
    const greatest = numbers.reduce((best, point) => point[1] > best[1] ? point : best);
    return [...new Set([least, greatest, ...gap])].sort(([a], [b]) => a - b);
  }).flat();
}
