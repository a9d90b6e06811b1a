// Arcs from numbers to their heads, drawn over the text.

const SVG = "http://www.w3.org/2000/svg";

// A mark that runs over a line end has a box on each line: take those that face each other.
function facingBoxes(number, head) {
  const [numberBoxes, headBoxes] = [[...number.getClientRects()], [...head.getClientRects()]];
  const before = head.compareDocumentPosition(number) & Node.DOCUMENT_POSITION_FOLLOWING;
  return before ? [numberBoxes[0], headBoxes.pop()] : [numberBoxes.pop(), headBoxes[0]];
}

// On one line an arc above it, as displaCy draws them; from line to line through the gap between.
function arcPath(from, to, origin) {
  const middle = box => box.left + box.width / 2 - origin.left;
  const [x1, x2] = [middle(from), middle(to)];
  const sameLine = from.top < to.bottom && to.top < from.bottom;
  if (sameLine) {
    const [y1, y2] = [from.top - origin.top, to.top - origin.top];
    const peak = Math.min(y1, y2) - Math.min(24, 10 + Math.abs(x2 - x1) / 16);
    return `M${x1},${y1} C${x1},${peak} ${x2},${peak} ${x2},${y2}`;
  }
  const edges = to.top < from.top ? [from.top, to.bottom] : [from.bottom, to.top];
  const [y1, y2] = edges.map(edge => edge - origin.top);
  const bend = (y1 + y2) / 2;
  return `M${x1},${y1} C${x1},${bend} ${x2},${bend} ${x2},${y2}`;
}

function makeArrowheads() {
  const definitions = document.createElementNS(SVG, "defs");
  for (const label of ["program", "item"]) {
    const marker = document.createElementNS(SVG, "marker");
    const attributes = {
      id: `to-${label}`, class: label, viewBox: "0 0 8 8", refX: 6, refY: 4,
      markerWidth: 4, markerHeight: 4, orient: "auto",
    };
    for (const [name, value] of Object.entries(attributes)) marker.setAttribute(name, value);
    const tip = document.createElementNS(SVG, "path");
    tip.setAttribute("d", "M0,0 L8,4 L0,8 Z");
    marker.append(tip);
    definitions.append(marker);
  }
  return definitions;
}

function makeCanvas() {
  const canvas = document.createElementNS(SVG, "svg");
  canvas.setAttribute("class", "arcs");
  canvas.setAttribute("aria-hidden", "true");
  canvas.append(makeArrowheads());
  return canvas;
}

// Draws an arc for each [number, head] of the pairs of elements, and nothing else.
function drawArcs(canvas, pairs) {
  const origin = canvas.getBoundingClientRect();
  const paths = pairs.flatMap(([number, head]) => {
    const [from, to] = facingBoxes(number, head);
    if (!from || !to) return [];
    return ["halo", head.classList[0]].map(kind => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", kind);
      path.setAttribute("d", arcPath(from, to, origin));
      path.dataset.from = number.dataset.span;
      path.dataset.to = head.dataset.span;
      if (kind !== "halo") path.setAttribute("marker-end", `url(#to-${kind})`);
      return path;
    });
  });
  canvas.replaceChildren(canvas.firstChild, ...paths);
}
