import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal } from '@billtrail/kernel';
import { readLeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import { auditLeakage } from './audit-leakage.js';
import type { LeakageAudit } from './leakage-audit.js';

const MAPPING = `
mapping: leakage-audit
source: desk
currency: AUD
times: { format: iso, zone: UTC }
tickets: { id: ticket, state: status, resolved: [Resolved, Closed], noCharge: { column: billing, values: [no charge] } }
work:
  id: entry
  ticket: ticket
  minutes: minutes
  pricePerHour: rate
  amount: amount
  covered: { column: billable, values: [contract] }
  unapproved: { column: approved, values: [no] }
invoices:
  invoice: invoice
  ticket: ticket
  work: entry
  minutes: minutes
  amount: amount
  ignored: { column: status, values: [draft] }
`;
const HEADERS = {
  tickets: 'ticket,status,billing',
  work: 'entry,ticket,minutes,rate,amount,billable,approved',
  invoices: 'invoice,ticket,entry,minutes,amount,status',
};
type Rows = Readonly<Record<keyof typeof HEADERS, readonly string[]>>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'billtrail-vanish-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function audited(rows: Rows, yaml = MAPPING): Promise<LeakageAudit> {
  const mapping = readLeakageAuditMapping('spec.yaml', yaml);
  if (isRefusal(mapping)) throw new Error(mapping.message);
  const write = async (name: keyof Rows): Promise<string> => {
    const file = join(folder, `${name}.csv`);
    await writeFile(file, `${[HEADERS[name], ...rows[name]].join('\n')}\n`);
    return file;
  };
  const [tickets, work, invoices] = [await write('tickets'), await write('work'), await write('invoices')];
  const audit = await auditLeakage({ tickets, work, invoices, mapping });
  if (isRefusal(audit)) throw new Error(audit.message);
  return audit;
}
const gapText = ({ gaps }: LeakageAudit): string[] =>
  gaps.map(({ kind, workId, money, minutes }) => `${kind} ${workId ?? '-'} ${money?.amount ?? '-'} ${minutes ?? '-'}`);
const CLOSED = ['T1,Closed,'];
const TEN_HOURS = ['W1,T1,600,150.00,,,'];
const TWO_RATES = ['W1,T1,60,150.00,,,', 'W2,T1,60,90.00,,,'];

describe('a line that bills minutes for less than they are worth is a contract mismatch', () => {
  it.each([
    ['names the ticket', TEN_HOURS, ['I1,T1,,600,1.00,'], ['contract-mismatch W1 1499.00 -']],
    ['names the work', TEN_HOURS, ['I1,,W1,600,1.00,'], ['contract-mismatch W1 1499.00 -']],
    ['names the ticket, for nothing', TEN_HOURS, ['I1,T1,,600,0.00,'], ['contract-mismatch W1 1500.00 -']],
    [
      'bills half of the minutes, and those too cheap',
      TEN_HOURS,
      ['I1,T1,,300,50.00,'],
      ['unbilled W1 750.00 300', 'contract-mismatch W1 700.00 -'],
    ],
    ['bills two rates in one sum', TWO_RATES, ['I1,T1,,120,200.00,'], ['contract-mismatch - 40.00 -']],
    ['bills two rates in full', TWO_RATES, ['I1,T1,,120,240.00,'], []],
    ['is made up for by a line in money', TEN_HOURS, ['I1,T1,,600,1000.00,', 'I2,T1,,,500.00,'], []],
    [
      'is made up for in part',
      TEN_HOURS,
      ['I1,,W1,600,1000.00,', 'I2,T1,,,200.00,'],
      ['contract-mismatch W1 300.00 -'],
    ],
    ['is credited in money', TEN_HOURS, ['I1,T1,,600,1500.00,', 'I2,T1,,,-400.00,'], ['contract-mismatch W1 400.00 -']],
    [
      'is credited and billed anew',
      TEN_HOURS,
      ['I1,,W1,600,100.00,', 'I1,,W1,-600,-100.00,', 'I2,,W1,600,1500.00,'],
      [],
    ],
    ['bills work with a stated amount', ['W1,T1,60,,100.00,,'], ['I1,,W1,60,1.00,'], ['contract-mismatch W1 99.00 -']],
    ['bills a minimum at the rate', ['W1,T1,10,150.00,,,'], ['I1,T1,,30,75.00,'], []],
    // 3 x 20 min at 100.00 are 33.33 each; 60 min are 100.00.
    ['differs by roundings only', ['W1,T1,60,100.00,,,'], Array<string>(3).fill('I1,T1,,20,33.33,'), []],
    ['states no amount', TEN_HOURS, ['I1,T1,,600,,'], []],
  ])('where it %s', async (_, work, invoices, gaps) => {
    const audit = await audited({ tickets: CLOSED, work, invoices });
    expect(gapText(audit)).toEqual(gaps);
    expect(audit.tickets.map(({ outcome }) => outcome)).toEqual([gaps.length === 0 ? 'billed' : 'gap']);
  });

  it('says which lines, how many minutes and both sums', async () => {
    const { gaps } = await audited({
      tickets: CLOSED,
      work: TEN_HOURS,
      invoices: ['I1,T1,,500,1.00,', 'I2,T1,,100,2.00,'],
    });
    expect(gaps.map(({ cause }) => cause)).toEqual([
      'Line 2 of invoice I1, line 3 of invoice I2 bill 600 min that are worth 1500.00 AUD for 3.00.',
    ]);
  });

  it('says how many lines state minutes and no amount', async () => {
    const { cannotShow, invoiceLines } = await audited({
      tickets: CLOSED,
      work: TEN_HOURS,
      invoices: ['I1,T1,,600,,'],
    });
    expect(invoiceLines).toMatchObject({ matched: 1, withoutAmount: 1 });
    expect(cannotShow).toContainEqual(expect.stringMatching(/^1 invoice lines state minutes and no amount/));
  });
});

describe('a line with neither minutes nor an amount', () => {
  it('bills nothing, is listed, and is named by the gap and under what can not be shown', async () => {
    const audit = await audited({
      tickets: [...CLOSED, 'T2,Closed,'],
      work: TEN_HOURS,
      invoices: ['I1,T1,,,,', 'I1,,W1,,,', 'I2,T2,,,,'],
    });
    expect(gapText(audit)).toEqual(['unbilled W1 1500.00 600', 'work-not-recorded - - -']);
    expect(audit.invoiceLines).toMatchObject({ matched: 0, billedTwice: [], unmatched: [] });
    expect(audit.invoiceLines.blank.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 it names ticket T1 and states neither minutes nor an amount',
      '3 it names work W1 and states neither minutes nor an amount',
      '4 it names ticket T2 and states neither minutes nor an amount',
    ]);
    expect(audit.gaps[0]?.cause).toMatch(/line 2 of invoice I1, line 3 of invoice I1 name it and state neither/);
    expect(audit.cannotShow).toContainEqual(expect.stringMatching(/^3 invoice lines name a ticket or work and state/));
  });

  it('is the only kind there is where the export has no such columns: then the report says so', async () => {
    const yaml = MAPPING.replace(/ {2}work: entry\n {2}minutes: minutes\n {2}amount: amount\n/, '  work: entry\n');
    const audit = await audited({ tickets: CLOSED, work: TEN_HOURS, invoices: ['I1,T1,,,,'] }, yaml);
    expect(audit.tickets).toMatchObject([
      { outcome: 'billed', reason: 'an invoice line names it; how much it bills is not shown' },
    ]);
    expect(audit.cannotShow).toContainEqual(
      expect.stringMatching(/^The invoice lines have neither minutes nor amounts/),
    );
  });
});

describe('tickets by state', () => {
  it('takes states and flags in any case, and counts every ticket that is left', async () => {
    const audit = await audited({
      tickets: ['T1,closed,', 'T2, RESOLVED ,No Charge', 'T3,Done,', 'T4,Done,', 'T5,,', 'T6,Closed,'],
      work: ['W1,T1,60,150.00,,CONTRACT,', 'W6,T6,60,150.00,,,No'],
      invoices: ['I1,T6,,60,150.00,Draft'],
    });
    expect(audit.totals).toMatchObject({ tickets: 6, resolved: 3, notResolved: 3 });
    expect(audit.tickets.map(({ ticketId, outcome }) => `${ticketId} ${outcome}`)).toEqual([
      'T1 covered',
      'T2 covered',
      'T6 gap',
    ]);
    expect(gapText(audit)).toEqual(['time-unapproved W6 150.00 60']);
    expect(audit.statesNotResolved).toEqual([
      { state: 'Done', tickets: 2 },
      { state: '', tickets: 1 },
    ]);
    expect(audit.cannotShow[0]).toBe(
      '3 of 6 tickets are in a state that the mapping does not call resolved: Done (2), (no state) (1). They are in no other figure; a state that does mean resolved belongs in `tickets.resolved`.',
    );
  });
});
