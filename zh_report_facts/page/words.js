// The words that the reader searches for: what they match, and where it stands in the text.

// Finds the words whatever white space a line wrap put into them, and in full-width characters.
function wordPatterns(query) {
  return query.normalize("NFKC").split(/\s+/).filter(Boolean).map(word => {
    const chars = [...word].map(char => {
      const escaped = char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      const wide = char > " " && char < "\x7f" && String.fromCharCode(char.charCodeAt(0) + 0xfee0);
      return wide ? `(?:${escaped}|${wide})` : escaped;
    });
    return new RegExp(chars.join("\\s*"), "giu");
  });
}

function hasWords(text, patterns) {
  return patterns.every(pattern => text.search(pattern) >= 0);
}

function findRanges(box, pattern) {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  let at = 0;
  // The node that holds the character before or behind an offset, and the offset in it.
  const seek = (offset, behind) => {
    while (offset + behind > at + node.length) {
      at += node.length;
      node = walker.nextNode();
    }
    return [node, offset - at];
  };
  return [...box.textContent.matchAll(pattern)].map(match => {
    const range = new Range();
    range.setStart(...seek(match.index, 1));
    range.setEnd(...seek(match.index + match[0].length, 0));
    return range;
  });
}

// Colours the words without touching the elements, in browsers that can.
function showWords(box, patterns) {
  if (!CSS.highlights) return;
  const ranges = patterns.flatMap(pattern => findRanges(box, pattern));
  CSS.highlights.set("words", new Highlight(...ranges));
}
