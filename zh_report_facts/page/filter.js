// Which facts and reports the reader asked for.

// What a search for a fact looks into: its sentence, its number and heads wherever they stand.
function factText(report, fact) {
  const parts = [fact.sentence, ...[fact.number, ...fact.heads].map(index => report.spans[index])];
  return parts.map(([start, end]) => report.text.slice(start, end)).join("\n");
}

function isWanted(report, fact, index, filter) {
  return (
    fact.score >= filter.score
    && (!filter.roles.size || filter.roles.has(fact.role))
    && (!filter.warned || report.warningsOf[index].length > 0)
    && (!filter.words.length || hasWords(factText(report, fact), filter.words))
  );
}

// Sets `wanted` of each report, and `listed`: whether anything in it answers the filter. A report
// is found by its name or by words that stand near no number, too.
function applyFilter(reports, filter) {
  const words = filter.words.length > 0;
  const narrow = words || filter.roles.size > 0 || filter.score > 0 || filter.warned;
  const onlyWords = words && !filter.roles.size && filter.score === 0 && !filter.warned;
  const mentionsWords = ({ id, file, text }) => {
    return hasWords([id, file || "", text].join("\n"), filter.words);
  };
  for (const report of reports) {
    report.wanted = new Set();
    report.facts.forEach((fact, index) => {
      if (isWanted(report, fact, index, filter)) report.wanted.add(index);
    });
    report.listed = !narrow || report.wanted.size > 0 || (onlyWords && mentionsWords(report));
  }
}
