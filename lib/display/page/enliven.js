import { listen } from "./listen.js";

/**
 * Runs in the page, not here: brings the still pictures named `name` to life, and redraws them when the page turns
 * dark or light.
 *
 * @param {string} name of the figure; the same picture shown twice is enlivened twice
 * @param {Record<string, string>} onDark for each colour on light paper the one on dark paper
 */
export function enliven(name, onDark) {
  for (const host of document.querySelectorAll(`[data-figure="${name}"]:not([data-live])`)) {
    host.setAttribute("data-live", "");
    const image = host.querySelector("img");
    const source = decodeURIComponent(image.src.slice(image.src.indexOf(",") + 1));
    let dark;
    const draw = () => {
      if (dark === isDark(host)) return;
      dark = isDark(host);
      const text = dark ? source.replace(/#[0-9a-f]{6}/g, (c) => onDark[c] ?? c) : source;
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      const svg = document.importNode(parsed, true);
      // A title would pop up over what is read off by hovering.
      svg.querySelector("title").remove();
      svg.setAttribute("aria-label", image.alt);
      svg.setAttribute("role", "figure");
      svg.style.cssText = "max-width:100%;height:auto";
      (host.querySelector("svg") ?? image).replaceWith(svg);
      listen(svg);
    };
    draw();
    // What is replaced in a moment needs no watching.
    if (host.hasAttribute("data-passing")) continue;
    const later = () => setTimeout(draw, 60);
    const watch = new MutationObserver(() => host.isConnected ? later() : watch.disconnect());
    for (const node of [document.body, document.documentElement]) {
      watch.observe(node, { attributeFilter: ["class", "style", "data-jp-theme-light"] });
    }
    matchMedia("(prefers-color-scheme:dark)").addEventListener("change", later);
  }
}

/** Whether the page around is dark, whatever the system prefers. */
export function isDark(host) {
  for (let node = host; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number);
    if (!colour || colour[3] < 0.5) continue;
    return colour[0] * 0.3 + colour[1] * 0.6 + colour[2] * 0.1 < 128;
  }
  return matchMedia("(prefers-color-scheme:dark)").matches &&
    getComputedStyle(document.documentElement).colorScheme.includes("dark");
}
