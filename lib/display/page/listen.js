import { drawFrame, frameOf, zoom } from "./zoom.js";
import { draw, showTip } from "./draw.js";
import { readPlot } from "./read_plot.js";

/** Lets a picture in the page answer the pointer and the keyboard. */
export function listen(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const page = {
    svg,
    width,
    height,
    ink: svg.querySelector("text")?.getAttribute("fill") ?? "#888888",
    paper: svg.querySelector("rect").getAttribute("fill"),
    /** Names whose lines are switched off. */
    hidden: new Set(),
  };
  page.layer = draw(svg, "g", { "pointer-events": "none" });
  const plots = [...svg.querySelectorAll("[data-plot]")].map((node) => readPlot(svg, node));
  const plotAt = ({ x, y }) =>
    plots.find(({ left, right, top, bottom }) =>
      x > left - 5 && x < right + 5 && y > top - 5 && y < bottom + 5
    );
  /** Where the pointer is, in the picture's own units. */
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * width / box.width,
      y: (event.clientY - box.top) * height / box.height,
    };
  };

  let drag;
  const on = (kind, act) => svg.addEventListener(kind, (event) => act(event, place(event)));
  on("pointermove", (event, at) => {
    page.layer.replaceChildren();
    if (drag) return drawFrame(page, frameOf(drag, at));
    const tip = event.target.closest?.("[data-tip]")?.getAttribute("data-tip");
    if (tip) return showTip(page, at, tip.split("|"));
    const plot = plotAt(at);
    plot?.hover(page, plot, at);
  });
  on("pointerleave", () => drag || page.layer.replaceChildren());
  on("pointerdown", (event, at) => {
    const plot = plotAt(at);
    // A finger scrolls.
    if (!plot?.axes || event.button || event.pointerType === "touch") return;
    drag = { plot, ...at };
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  on("pointerup", (_, at) => {
    const frame = drag && frameOf(drag, at);
    if (frame) zoom(page, drag.plot, frame);
    if (drag) page.layer.replaceChildren();
    drag = undefined;
  });
  on("pointercancel", () => drag = undefined);
  on("dblclick", (_, at) => {
    const plot = plotAt(at);
    if (plot?.axes) zoom(page, plot, plot);
  });
  for (const key of svg.querySelectorAll("[data-key]")) listenToKey(page, key);
}

/** A name in the legend switches what it stands for off and on. */
export function listenToKey({ svg, hidden }, key) {
  const name = key.getAttribute("data-key");
  const toggle = () => {
    const off = !hidden.delete(name);
    if (off) hidden.add(name);
    key.setAttribute("opacity", off ? 0.35 : 1);
    key.setAttribute("aria-pressed", !off);
    for (const node of svg.querySelectorAll("[data-name]")) {
      if (node.getAttribute("data-name") === name) node.style.display = off ? "none" : "";
    }
  };
  const attributes = { tabindex: 0, role: "button", "aria-pressed": true };
  for (const [attribute, value] of Object.entries(attributes)) key.setAttribute(attribute, value);
  key.style.cursor = "pointer";
  key.addEventListener("click", toggle);
  // A click needs no frame around the name; the keyboard's focus does.
  key.addEventListener("pointerdown", (event) => event.preventDefault());
  key.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle();
  });
}
