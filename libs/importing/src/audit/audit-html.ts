import type { LeakageAudit } from './leakage-audit.js';
import { AUDIT_STYLE } from './audit-style.js';
import { amountText, type AuditTable, auditTables, countText, fileName, OUTCOME_WORDS } from './audit-tables.js';
import { TICKET_OUTCOMES } from './facts.js';
import { type Html, markup, trusted } from './markup.js';

/** Most rows of one list in the page; the CSV and the JSON have all of them. */
export const MAX_HTML_ROWS = 1_000;

/**
 * The audit as one self-contained page: no script, no external resource, light and dark, printable. `title` is its heading; `createdAt`
 * is printed as given: the local date in the audit's `timeZone`, because the page says its times are in that zone.
 */
export function auditHtml(
  audit: LeakageAudit,
  options: { readonly title?: string; readonly createdAt: string },
): string {
  const title = options.title ?? 'Leakage audit';
  const [, leaks, ...lists] = auditTables(audit, MAX_HTML_ROWS);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(AUDIT_STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="sub">${audit.source}, ${options.createdAt}. Times in ${audit.timeZone}, money in ${audit.currency}.</p>
</header>
${headline(audit)}
${outcomes(audit)}
${notShown(audit)}
${leaks === undefined ? '' : table(leaks)}
${lists.map(table)}
${inputs(audit)}
<footer><p>Made with Billtrail. A gap is a deviation between what was done and what was billed, with a kind, a value and a cause.</p></footer>
</main>
</body>
</html>
`;
  return page.text;
}

function headline({ totals, currency, gaps }: LeakageAudit): Html {
  const unpriced = gaps.filter(({ money }) => money === null).length;
  const atRisk = unpriced > 0 ? `at risk, and ${countText(unpriced)} gaps without a price` : 'at risk';
  const figures: readonly (readonly [string, string, string])[] = [
    [countText(totals.resolved), 'resolved tickets', ''],
    [countText(totals.outcomes.billed + totals.outcomes.covered), 'billed or covered', 'good'],
    [countText(totals.outcomes.gap), 'with gaps', totals.outcomes.gap > 0 ? 'bad' : ''],
    [`${amountText(totals.valueAtRisk)} ${currency}`, atRisk, totals.gaps > 0 ? 'bad' : ''],
  ];
  const entries = figures.map(
    ([figure, words, tone]) => markup`<div class="${tone}"><dt>${words}</dt><dd>${figure}</dd></div>`,
  );
  return markup`<dl class="figures">${entries}</dl>`;
}

function outcomes({ totals }: LeakageAudit): Html {
  const parts = TICKET_OUTCOMES.map((outcome) => ({ outcome, count: totals.outcomes[outcome] })).filter(
    ({ count }) => count > 0,
  );
  const read = `${countText(totals.tickets)} tickets read: ${countText(totals.resolved)} resolved, ${countText(totals.notResolved)} not resolved.`;
  if (parts.length === 0) return markup`<p>No ticket of the export is resolved. ${read}</p>`;
  const percent = (count: number): string => `${((count / totals.resolved) * 100).toFixed(1)}%`;
  const bar = parts.map(({ outcome, count }) => markup`<span class="${outcome}" style="flex-grow:${count}"></span>`);
  const legend = parts.map(
    ({ outcome, count }) =>
      markup`<li><span class="key ${outcome}" aria-hidden="true"></span>${countText(count)} ${OUTCOME_WORDS[outcome]} <small>${percent(count)}</small></li>`,
  );
  return markup`<section aria-labelledby="outcomes"><h2 id="outcomes">Resolved tickets</h2>
<p>${read}</p>
<div class="bar" aria-hidden="true">${bar}</div>
<ul class="legend">${legend}</ul></section>`;
}

function notShown({ cannotShow }: LeakageAudit): Html {
  const sentences = cannotShow.map((sentence) => markup`<li>${sentence}</li>`);
  return markup`<section class="cannot" aria-labelledby="cannot-show">
<h2 id="cannot-show">What this export cannot show</h2>
<ul>${sentences}</ul></section>`;
}

function table({ title, columns, rows, more }: AuditTable): Html {
  const classes = columns.map(({ align }) => (align === 'right' ? 'number' : 'text'));
  const head = columns.map((column, index) => markup`<th scope="col" class="${classes[index]}">${column.title}</th>`);
  const cellOf = (cell: string, index: number): Html =>
    index === 0
      ? markup`<th scope="row" class="${classes[index]}">${cell}</th>`
      : markup`<td class="${classes[index]}">${cell}</td>`;
  const body = rows.map((row) => markup`<tr>${row.map(cellOf)}</tr>\n`);
  const rest =
    more === 0 ? '' : markup`<p class="more">${countText(more)} more are in the CSV and JSON of this audit.</p>`;
  return markup`<section><div class="scroll" tabindex="0" role="region" aria-label="${title}">
<table><caption>${title}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>${rest}</section>
`;
}

function inputs({ inputs: given }: LeakageAudit): Html {
  const entry = (name: string, facts: { readonly file: string; readonly rows: number } | null): Html =>
    facts === null
      ? markup`<li>${name}: not given</li>`
      : markup`<li>${name}: ${fileName(facts.file)}, ${countText(facts.rows)} rows</li>`;
  const entries = [entry('Tickets', given.tickets), entry('Work', given.work), entry('Invoices', given.invoices)];
  return markup`<section><h2>Exports</h2><ul>${entries}</ul></section>`;
}
