import { DOMParser } from "linkedom";

/** An element of a parsed picture, as far as these tests look at it. */
export interface Element {
  tagName: string;
  textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** The root of an SVG. */
export function parsed(svg: string | undefined): Element {
  const document = new DOMParser().parseFromString(svg ?? "", "image/svg+xml");
  return document.documentElement as unknown as Element;
}

/** All elements that a selector finds, as a plain list. */
export function all(root: Element, selector: string): Element[] {
  return [...root.querySelectorAll(selector)];
}

/** All words in a picture, in order. */
export function wordsIn(svg: string | undefined): string[] {
  return all(parsed(svg), "text").map((text) => text.textContent);
}

/** The picture in the `<img>` of a page fragment, decoded. */
export function stillPicture(html: string | undefined): string {
  const address = /<img src="data:image\/svg\+xml,([^"]*)"/.exec(html ?? "")?.[1];
  return decodeURIComponent(address ?? "").replaceAll("'", '"');
}

/** Points of a path: `M1,2L3,4` is [[1, 2], [3, 4]]. */
export function pointsOf(path: Element | null): number[][] {
  const d = path?.getAttribute("d") ?? "";
  return [...d.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** Where an axis puts a value, from what the picture says of its plot. */
export function placeOn(plot: Element | null, axis: "x" | "y"): (value: number) => number {
  const [left, right, top, bottom] = plot!.getAttribute("data-plot")!.split(" ").map(Number);
  const [from, to, log] = plot!.getAttribute(`data-${axis}`)!.split(" ");
  const measure = log ? Math.log10 : Number;
  const [start, end] = axis === "x" ? [left!, right!] : [bottom!, top!];
  const low = measure(Number(from)), span = measure(Number(to)) - low;
  return (value) => start + (measure(value) - low) / span * (end - start);
}
