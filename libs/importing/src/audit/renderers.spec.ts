import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { isRefusal } from '@billtrail/kernel';
import { neutralised } from '../csv/csv-text.js';
import { readLeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import { auditCsv } from './audit-csv.js';
import { auditHtml, MAX_HTML_ROWS } from './audit-html.js';
import { auditLeakage } from './audit-leakage.js';
import type { LeakageAudit } from './leakage-audit.js';
import { amountText, auditTables } from './audit-tables.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

async function sample(): Promise<LeakageAudit> {
  const file = at('mappings/audit-generic.yaml');
  const mapping = readLeakageAuditMapping(file, readFileSync(file, 'utf8'));
  if (isRefusal(mapping)) throw new Error(mapping.message);
  const audit = await auditLeakage({
    tickets: at('samples/audit/tickets.csv'),
    work: at('samples/audit/work.csv'),
    invoices: at('samples/audit/invoices.csv'),
    mapping,
  });
  if (isRefusal(audit)) throw new Error(audit.message);
  return audit;
}

/** The audit with every text that came from a file replaced. */
function poisoned(audit: LeakageAudit, poison: string): LeakageAudit {
  const gaps = audit.gaps.map((gap) => ({ ...gap, client: poison, ticketId: poison, cause: poison, workId: poison }));
  const tickets = audit.tickets.map((ticket) => ({
    ...ticket,
    client: poison,
    ticketId: poison,
    reason: poison,
    state: poison,
    invoiceLines: [poison],
    gaps: gaps.slice(0, ticket.gaps.length),
  }));
  const listed = audit.invoiceLines.unmatched.map((line) => ({ ...line, invoice: poison, reason: poison }));
  return {
    ...audit,
    source: poison,
    inputs: { ...audit.inputs, tickets: { file: `/home/someone/${poison.replaceAll('/', '')}`, rows: 1 } },
    gaps,
    tickets,
    statesNotResolved: [{ state: poison, tickets: 1 }],
    invoiceLines: {
      matched: 0,
      blank: listed,
      withoutAmount: 0,
      unmatched: listed,
      ambiguous: listed,
      billedTwice: listed,
    },
    workWithoutTicket: [{ line: 1, ticketReference: poison, minutes: 1 }],
    unreadable: [{ export: 'work', line: 1, column: poison, reason: poison }],
    cannotShow: [poison],
  };
}

describe('the audit as tables', () => {
  it('leaves out empty lists and counts what a limit cuts off', async () => {
    const audit = await sample();
    const tables = auditTables(audit, 3);
    expect(tables.map(({ title, rows, more }) => `${title} ${rows.length}+${more}`)).toEqual([
      'Tickets in tickets.csv 7+0',
      'Gaps by leak 4+0',
      'Gaps by kind 7+0',
      'Gaps, ticket by ticket 3+12',
      'States that the mapping does not call resolved 1+0',
      'Billed twice 1+0',
      'Invoice lines that match several pieces of work 1+0',
      'Invoice lines that match nothing 2+0',
      'Work without a ticket in the export 1+0',
    ]);
    expect(tables[0]?.rows.slice(-3)).toEqual([
      ['all resolved', '21'],
      ['not resolved', '1'],
      ['all read', '22'],
    ]);
    expect(tables[4]?.rows).toEqual([['In Progress', '1']]);
    expect(tables[1]?.rows[0]).toEqual(['unbilled time', '11', '10', '1,105.00', '6 h 45 min', '1']);
    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  it('writes amounts for people', () => {
    expect(
      ['0.00', '999.50', '1234.50', '-1234567.00', '1000'].map((amount) => amountText({ amount, currency: 'AUD' })),
    ).toEqual(['0.00', '999.50', '1,234.50', '-1,234,567.00', '1,000']);
    expect(amountText(null)).toBe('–');
  });
});

describe('the audit as CSV', () => {
  it('has a line per gap and one for each other ticket, and reads back', async () => {
    const audit = await sample();
    const rows = parse<Record<string, string>>(auditCsv(audit), { columns: true });
    expect(rows[0]).toMatchObject({ ticket: 'A-101', resolved_at: '2026-03-02 10:00' });
    expect(rows).toHaveLength(15 + 7);
    expect(rows.find(({ ticket }) => ticket === 'A-102')).toMatchObject({
      client: 'Harbour Dental',
      outcome: 'gap',
      gap_kind: 'unbilled',
      value: '150.00',
      currency: 'AUD',
      minutes: '60',
      work: 'W-2',
    });
    expect(rows.find(({ ticket }) => ticket === 'A-106')).toMatchObject({
      outcome: 'covered',
      gap_kind: '',
      value: '',
    });
  });

  it('neutralises what a spreadsheet would run, and leaves numbers alone', async () => {
    for (const poison of ['=1+1', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")']) {
      const cells = parse(auditCsv(poisoned(await sample(), poison))).flat();
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      expect(cells).toContain(`'${poison}`);
    }
    expect(['-30.00', '12', '-', 'a=b'].map(neutralised)).toEqual(['-30.00', '12', "'-", 'a=b']);
  });
});

describe('the audit as a page', () => {
  it('escapes everything that came from a file', async () => {
    const page = auditHtml(poisoned(await sample(), `<script>alert("x")</script>&'`), {
      createdAt: '2026-04-01',
      title: '<b>April</b>',
    });
    expect(page).not.toMatch(/<script|<b>|alert\("x"\)/);
    expect(page).toContain('&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#38;&#39;');
  });

  it('loads nothing, runs nothing and names no folder', async () => {
    const page = auditHtml(await sample(), { createdAt: '2026-04-01' });
    expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toContain(at('samples'));
    expect(page).toContain('tickets.csv, 22 rows');
  });

  it('can be read without seeing it, and says what the exports cannot show', async () => {
    const page = auditHtml(await sample(), { createdAt: '2026-04-01' });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.match(/<th scope="(col|row)"/g)?.length).toBe(page.match(/<th /g)?.length);
    expect(page).toContain('<p>22 tickets read: 21 resolved, 1 not resolved.</p>');
    expect(page).toContain('<h2 id="cannot-show">What this export cannot show</h2>');
    expect(page).toContain('<dt>at risk, and 3 gaps without a price</dt><dd>1,335.00 AUD</dd>');
    expect(page).toMatch(/prefers-color-scheme: dark[\s\S]*@media print/);
  });

  it('stays a page where there are very many gaps or no resolved ticket', async () => {
    const audit = await sample();
    const [gap] = audit.gaps;
    const many = auditHtml(
      { ...audit, gaps: Array.from({ length: MAX_HTML_ROWS + 5 }, () => gap as NonNullable<typeof gap>) },
      { createdAt: '2026-04-01' },
    );
    expect(many).toContain('5 more are in the CSV and JSON of this audit.');
    const none = auditHtml(
      {
        ...audit,
        totals: { ...audit.totals, resolved: 0, outcomes: { billed: 0, covered: 0, gap: 0, 'not-shown': 0 } },
      },
      { createdAt: '2026-04-01' },
    );
    expect(none).toContain('No ticket of the export is resolved.');
  });
});
