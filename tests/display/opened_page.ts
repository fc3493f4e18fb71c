import { DOMParser, parseHTML } from "linkedom";

/** A page that was opened: what its scripts made of it, and a pointer to move over it. */
export interface OpenedPage {
  html(): string;
  /** Moves, presses … the pointer at a place of the n-th picture, in the picture's units. */
  pointer(kind: string, x: number, y: number, picture?: number): void;
  /** Clicks on a name in the legend. */
  clickKey(name: string): void;
  /** Lines of the box beside the pointer. */
  tip(): string[];
  /** How often something was watched, so that it could outlive the page. */
  watched(): number;
  // deno-lint-ignore no-explicit-any
  find(selector: string): any;
}

interface Attributes extends EventTarget {
  getAttribute(name: string): string | null;
}

/** Runs the scripts of a fragment as a browser would, with a stand-in for everything that needs a screen. */
export function openPage(fragment: string, { background = "rgb(255, 255, 255)" } = {}): OpenedPage {
  // deno-lint-ignore no-explicit-any
  const { document, Event } = parseHTML(`<html><body>${fragment}</body></html>`) as any;
  let watched = 0;
  class Watcher {
    observe(): void {
      watched++;
    }
    disconnect(): void {}
  }
  const media = () => ({ matches: false, addEventListener: () => watched++ });
  const colours = (node: unknown) => ({
    backgroundColor: node === document.body ? background : "rgba(0, 0, 0, 0)",
    colorScheme: "normal",
  });
  for (const script of document.querySelectorAll("script")) {
    const names = ["document", "DOMParser", "MutationObserver", "matchMedia", "getComputedStyle"];
    const lively = withScreen(document);
    new Function(...names, script.textContent)(lively, DOMParser, Watcher, media, colours);
  }
  const pictures = () => [...document.querySelectorAll("[data-figure] > svg")];
  return {
    html: () => document.body.innerHTML.replaceAll(/<script>.*?<\/script>/gs, ""),
    watched: () => watched,
    find: (selector) => document.querySelector(selector),
    pointer(kind, x, y, picture = 0) {
      const event = new Event(kind, { bubbles: true });
      Object.assign(event, {
        clientX: x,
        clientY: y,
        button: 0,
        pointerId: 1,
        pointerType: "mouse",
      });
      pictures()[picture]!.dispatchEvent(event);
    },
    clickKey(name) {
      const key = [...document.querySelectorAll("[data-key]")]
        .find((node: Attributes) => node.getAttribute("data-key") === name);
      key!.dispatchEvent(new Event("click", { bubbles: true }));
    },
    tip: () =>
      [...document.querySelectorAll('[pointer-events="none"] text')].map((text) =>
        text.textContent
      ),
  };
}

/** Gives SVG elements what only a screen can know: a box as large as the picture, and widths of letters. */
// deno-lint-ignore no-explicit-any
function withScreen(document: any): unknown {
  // deno-lint-ignore no-explicit-any
  const measurable = (node: any) => {
    const [, , width = 0, height = 0] = (node.getAttribute("viewBox") ?? "").split(" ").map(Number);
    const own = (name: string, value: unknown) => Object.defineProperty(node, name, { value });
    if (width) {
      own("viewBox", { baseVal: { width, height } });
      own("getBoundingClientRect", () => ({ left: 0, top: 0, width, height }));
      own("setPointerCapture", () => {});
    }
    return node;
  };
  return new Proxy(document, {
    get(target, name) {
      if (name === "importNode") {
        return (node: unknown) => measurable(target.importNode(node, true));
      }
      if (name === "createElementNS") {
        return (space: string, tag: string) => {
          const node = target.createElementNS(space, tag);
          node.getComputedTextLength = () => 50;
          return node;
        };
      }
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
