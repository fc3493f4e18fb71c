/** Adds an SVG element. */
export function draw(parent, tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  return parent.appendChild(node);
}

/** Shows lines of text in a box beside the pointer; a pair is the colour of something and what is said of it. */
export function showTip({ layer, ink, paper, width, height }, at, lines) {
  const box = draw(layer, "rect", { rx: 3, fill: paper, stroke: ink, "stroke-opacity": 0.4 });
  let wide = 0;
  const texts = lines.map((line, i) => {
    const text = draw(layer, "text", { "font-size": 12, fill: ink, "font-weight": i ? 400 : 600 });
    const [colour, words] = typeof line === "string" ? [undefined, line] : line;
    if (colour) draw(text, "tspan", { fill: colour }).textContent = "● ";
    draw(text, "tspan", {}).textContent = words;
    wide = Math.max(wide, text.getComputedTextLength());
    return text;
  });
  const high = lines.length * 17 + 9, full = wide + 18;
  const x = at.x + 14 + full < width ? at.x + 14 : Math.max(2, at.x - 14 - full);
  const y = Math.max(2, Math.min(at.y - high / 2, height - high - 2));
  for (const [name, value] of Object.entries({ x, y, width: full, height: high })) {
    box.setAttribute(name, value);
  }
  texts.forEach((text, i) => {
    text.setAttribute("x", x + 9);
    text.setAttribute("y", y + 18 + i * 17);
  });
}

/** A number as people read it. */
export function numberText(value) {
  const short = Number(value.toPrecision(4)), size = Math.abs(short);
  const text = size && (size < 1e-3 || size >= 1e6)
    ? size.toExponential().replace("e+", "e")
    : size.toLocaleString("en", { maximumSignificantDigits: 4 });
  return short < 0 ? `−${text}` : text;
}
