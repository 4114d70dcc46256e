import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRefusal } from '@billtrail/kernel';
import { type LeakageAuditMapping, readLeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import { auditLeakage, type AuditRequest } from './audit-leakage.js';
import type { LeakageAudit } from './leakage-audit.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const SAMPLE = {
  tickets: at('samples/audit/tickets.csv'),
  work: at('samples/audit/work.csv'),
  invoices: at('samples/audit/invoices.csv'),
};

function mappingOf(file: string, change: (yaml: string) => string = (yaml) => yaml): LeakageAuditMapping {
  const mapping = readLeakageAuditMapping(file, change(readFileSync(at(file), 'utf8')));
  if (isRefusal(mapping)) throw new Error(mapping.message);
  return mapping;
}
const GENERIC = mappingOf('mappings/audit-generic.yaml');

async function audited(request: Omit<AuditRequest, 'mapping'>, mapping = GENERIC): Promise<LeakageAudit> {
  const audit = await auditLeakage({ ...request, mapping });
  if (isRefusal(audit)) throw new Error(audit.message);
  const { outcomes, resolved } = audit.totals;
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(resolved);
  expect(audit.tickets).toHaveLength(resolved);
  return audit;
}
const gapText = ({ gaps }: LeakageAudit): string[] =>
  gaps.map(
    ({ ticketId, kind, workId, money, minutes }) =>
      `${ticketId} ${kind} ${workId ?? '-'} ${money?.amount ?? '-'} ${minutes ?? '-'}`,
  );

describe('the audit of the sample exports finds the planted leaks, all of them and no other', () => {
  it('with all three exports', async () => {
    const audit = await audited(SAMPLE);
    expect(audit.totals).toMatchObject({
      tickets: 22,
      resolved: 21,
      outcomes: { billed: 5, covered: 2, gap: 14, 'not-shown': 0 },
      gaps: 15,
      valueAtRisk: { amount: '1335.00', currency: 'AUD' },
    });
    expect(gapText(audit)).toEqual([
      'A-102 unbilled W-2 150.00 60',
      'A-103 unbilled W-3 60.00 30',
      'A-103 unbilled W-4 90.00 45',
      'A-104 work-not-recorded - - -',
      'A-107 scope-suspected - 200.00 80',
      'A-108 unpriced W-8 - 45',
      'A-110 unbilled W-11 80.00 -',
      'A-111 material-suspected - - -',
      'A-112 contract-mismatch W-13 30.00 -',
      'A-113 time-unapproved W-14 150.00 60',
      'A-116 unbilled W-18 50.00 -',
      'A-117 unbilled W-19 75.00 30',
      'A-118 unbilled W-20 150.00 60',
      'A-119 unbilled W-21 150.00 60',
      'A-122 unbilled W-24 150.00 60',
    ]);
    const outcome = (id: string) => audit.tickets.find(({ ticketId }) => ticketId === id)?.outcome;
    expect(['A-101', 'A-109', 'A-114', 'A-115', 'A-121'].map(outcome)).toEqual(
      Array.from({ length: 5 }, () => 'billed'),
    );
    expect(['A-105', 'A-106'].map(outcome)).toEqual(['covered', 'covered']);
    expect(audit.tickets.find(({ ticketId }) => ticketId === 'A-105')?.reason).toBe(
      'declared free of charge: goodwill',
    );
    expect(audit.byLeak.map(({ leak, gaps, money }) => [leak, gaps, money.amount])).toEqual([
      ['unbilled time', 11, '1105.00'],
      ['contract mismatch', 2, '30.00'],
      ['materials', 1, '0.00'],
      ['scope creep', 1, '200.00'],
    ]);
    expect(audit.gaps.find(({ ticketId }) => ticketId === 'A-118')?.cause).toMatch(
      /is on no invoice\. It may be on invoice INV-5, line 13, which can't be told apart\./,
    );
    expect(audit.gaps.find(({ ticketId }) => ticketId === 'A-102')?.cause).toBe(
      '120 min of work is billed only in part; this is the rest.',
    );
  });

  it('lists lines that match nothing, match several or bill twice, and work without a ticket', async () => {
    const { invoiceLines, workWithoutTicket, inputs } = await audited(SAMPLE);
    const text = (lines: typeof invoiceLines.unmatched) =>
      lines.map(({ invoice, line, reason }) => `${invoice}:${line} ${reason}`);
    expect(invoiceLines.matched).toBe(13);
    expect(inputs.invoices).toMatchObject({ rows: 17, ignoredLines: 1 });
    expect(text(invoiceLines.unmatched)).toEqual([
      'INV-6:17 no ticket "A-999" is in the export',
      'INV-6:18 it names no ticket',
    ]);
    expect(text(invoiceLines.ambiguous)).toEqual(['INV-5:13 it names 2 tickets: A-118, A-119']);
    expect(text(invoiceLines.billedTwice)).toEqual(['INV-4:9 work W-15 is billed in full without this line']);
    expect(workWithoutTicket).toEqual([{ line: 26, ticketReference: 'A-998', minutes: 15 }]);
  });

  it('without invoices calls nothing billed and no work unbilled', async () => {
    const { tickets, work } = SAMPLE;
    const audit = await audited({ tickets, work });
    expect(gapText(audit)).toEqual([
      'A-104 work-not-recorded - - -',
      'A-107 scope-suspected - 200.00 80',
      'A-111 material-suspected - - -',
    ]);
    expect(audit.totals.outcomes).toEqual({ billed: 0, covered: 2, gap: 3, 'not-shown': 16 });
    expect(audit.cannotShow).toContainEqual(expect.stringContaining('nothing can be called billed'));
  });

  it('without work calls nothing unrecorded', async () => {
    const { tickets, invoices } = SAMPLE;
    const audit = await audited({ tickets, invoices });
    expect(audit.gaps).toEqual([]);
    expect(audit.totals.outcomes).toEqual({ billed: 11, covered: 1, gap: 0, 'not-shown': 9 });
    expect(audit.tickets.find(({ ticketId }) => ticketId === 'A-103')).toMatchObject({
      outcome: 'not-shown',
      reason: expect.stringContaining('nobody can tell whether there was anything to bill'),
    });
    expect(audit.invoiceLines.billedTwice.map(({ line }) => line)).toEqual([9]);
    expect(audit.cannotShow).toContainEqual(
      expect.stringContaining('whether the line bills all of its work is not shown'),
    );
  });
});

describe('the audit of the ServiceNow log', () => {
  it('says that the log shows neither work nor prices, and invents no gap', async () => {
    const audit = await audited(
      { tickets: at('samples/servicenow/incident_event_log_sample.csv'), timeZone: 'UTC' },
      mappingOf('mappings/audit-servicenow.yaml'),
    );
    expect(audit.totals).toMatchObject({
      tickets: 300,
      resolved: 299,
      notResolved: 1,
      gaps: 0,
      outcomes: { billed: 0, covered: 0, gap: 0, 'not-shown': 299 },
      valueAtRisk: { amount: '0.00' },
    });
    expect(audit.inputs.tickets.rows).toBe(2196);
    expect(audit.cannotShow.slice(0, 4)).toEqual([
      '299 of 299 resolved tickets are not shown by the export: they are neither called billed nor given a value.',
      expect.stringMatching(/^1 of 300 tickets are in a state that the mapping does not call resolved: New \(1\)\./),
      expect.stringMatching(
        /^No work export: work that nobody recorded cannot be told from work that is recorded elsewhere/,
      ),
      expect.stringMatching(/^No invoice export: nothing can be called billed/),
    ]);
    expect(new Set(audit.tickets.map(({ reason }) => reason))).toEqual(
      new Set([
        'without a work export, work that was not recorded looks like work that is recorded elsewhere; without an invoice export nothing can be called billed',
      ]),
    );
  });
});

describe('small exports', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'billtrail-audit-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const HEADERS = {
    tickets: 'ticket,status,resolved_at,client,summary,notes,billing',
    work: 'entry,ticket,kind,minutes,hourly_rate,amount,date,description,billable,approved',
    invoices: 'invoice,ticket,entry,minutes,amount,description,status',
  };
  async function exports(rows: {
    tickets: readonly string[];
    work?: readonly string[];
    invoices?: readonly string[];
  }): Promise<Omit<AuditRequest, 'mapping'>> {
    const write = async (name: keyof typeof HEADERS, lines: readonly string[]): Promise<string> => {
      const file = join(folder, `${name}.csv`);
      await writeFile(file, `${[HEADERS[name], ...lines].join('\n')}\n`);
      return file;
    };
    return {
      tickets: await write('tickets', rows.tickets),
      ...(rows.work && { work: await write('work', rows.work) }),
      ...(rows.invoices && { invoices: await write('invoices', rows.invoices) }),
    };
  }
  const TICKET = 'T1,Closed,2026-03-02T10:00,Acme,Text,,';

  it.each([
    [
      'a line by ticket that states neither minutes nor amount bills nothing',
      ['W1,T1,time,60,150.00,,,,,'],
      ['I1,T1,,,,x,'],
      ['T1 unbilled W1 150.00 60'],
    ],
    [
      'minutes of one line by ticket are taken by the earlier work first',
      ['W1,T1,time,60,150.00,,2026-03-02,,,', 'W2,T1,time,60,150.00,,2026-03-01,,,'],
      ['I1,T1,,90,225.00,x,'],
      ['T1 unbilled W1 75.00 30'],
    ],
    [
      'a third of the minutes at a price that is no round sum',
      ['W1,T1,time,50,100.00,,,,,'],
      ['I1,,W1,30,50.00,x,'],
      ['T1 unbilled W1 33.33 20'],
    ],
    [
      'more billed than worked is no gap (a minimum was charged)',
      ['W1,T1,time,10,150.00,,,,,'],
      ['I1,,W1,30,75.00,x,'],
      [],
    ],
    ['stated amount without minutes', ['W1,T1,time,,,200.00,,,,'], ['I1,,W1,,150.00,x,'], ['T1 unbilled W1 50.00 -']],
    [
      'amount on the work, minutes on the line',
      ['W1,T1,time,60,,100.00,,,,'],
      ['I1,,W1,45,75.00,x,'],
      ['T1 unbilled W1 25.00 15'],
    ],
    [
      'work reference wins over a free text that names nothing',
      ['W1,T1,time,60,150.00,,,,,'],
      ['I1,see attachment,W1,60,150.00,x,'],
      [],
    ],
    [
      'an unknown work reference falls back on the ticket',
      ['W1,T1,time,60,150.00,,,,,'],
      ['I1,ticket T1 of March,W9,60,150.00,x,'],
      [],
    ],
    [
      'a credit in money',
      ['W1,T1,material,,,80.00,,,,'],
      ['I1,,W1,,80.00,x,', 'I2,,W1,,-30.00,x,'],
      ['T1 unbilled W1 30.00 -'],
    ],
    [
      'an expense on the line of the ticket',
      ['W1,T1,expense,,,80.00,,,,', 'W2,T1,time,60,150.00,,,,,'],
      ['I1,T1,,,230.00,x,'],
      [],
    ],
    ['a material without a price', ['W1,T1,material,,,,,,,'], ['I1,T9,,,1.00,x,'], ['T1 unpriced W1 - -']],
    ['zero-priced work', ['W1,T1,time,60,0.00,,,,,'], ['I1,,W1,60,0.00,x,'], []],
  ])('%s', async (_, work, invoices, gaps) => {
    expect(gapText(await audited(await exports({ tickets: [TICKET], work, invoices })))).toEqual(gaps);
  });

  it('names a line whose work id stands twice, and one that names work of another ticket', async () => {
    const request = await exports({
      tickets: [TICKET, 'T2,Closed,2026-03-02T10:00,Acme,Text,,'],
      work: ['W1,T1,time,60,150.00,,,,,', 'W1,T2,time,60,150.00,,,,,', 'W2,T2,time,30,150.00,,,,,'],
      invoices: ['I1,,W1,60,150.00,x,', 'I2,T1,W2,30,75.00,x,'],
    });
    expect((await audited(request)).invoiceLines.ambiguous.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 work W1 stands 2 times in the work export (lines 2, 3)',
      '3 it names work W2 of ticket T2 and ticket T1',
    ]);
  });

  it('names a repeated line of a ticket only where the work does not ask for both', async () => {
    const lines = ['I1,T1,,60,150.00,x,', 'I2,T1,,60,150.00,x,'];
    const one = await audited(
      await exports({ tickets: [TICKET], work: ['W1,T1,time,60,150.00,,,,,'], invoices: lines }),
    );
    expect(one.invoiceLines.billedTwice).toMatchObject([{ line: 3, reason: 'the same as line 2 (invoice I1)' }]);
    const two = await audited(
      await exports({
        tickets: [TICKET],
        work: ['W1,T1,time,60,150.00,,,,,', 'W2,T1,time,60,150.00,,,,,'],
        invoices: lines,
      }),
    );
    expect(two.invoiceLines.billedTwice).toEqual([]);
  });

  it('values unrecorded work only where the mapping says at which price', async () => {
    const priced = mappingOf('mappings/audit-generic.yaml', (yaml) =>
      yaml.replace('value:', 'value:\n  pricePerHour: 150.00'),
    );
    const request = await exports({ tickets: [TICKET], work: ['W9,T9,time,5,,,,,,'] });
    expect(gapText(await audited(request))).toEqual(['T1 work-not-recorded - - -']);
    const { gaps } = await audited(request, priced);
    expect(gaps).toMatchObject([
      { money: { amount: '75.00' }, minutes: null, cause: expect.stringContaining('as the mapping assumes') },
    ]);
  });

  it('reads other numbers: decimal comma, thousands, currency signs, hours', async () => {
    const mapping = mappingOf('mappings/audit-generic.yaml', (yaml) =>
      yaml
        .replace('currency: AUD', 'currency: EUR\ndecimalPoint: ","')
        .replace('  minutes: minutes\n  pricePerHour', '  hours: minutes\n  pricePerHour'),
    );
    const request = await exports({
      tickets: [TICKET],
      work: ['W1,T1,time,"1,5","€ 1.200,00",,,,,', 'W2,T1,time,"0,33","90,00",,,,,'],
      invoices: ['I1,T9,,1,,x,'],
    });
    const audit = await audited(request, mapping);
    expect(gapText(audit)).toEqual(['T1 unbilled W1 1800.00 90', 'T1 unbilled W2 30.00 20']);
    expect(audit.cannotShow).toContainEqual(expect.stringContaining('1 times were given in hours'));
  });

  it('lists every row that it can not read, by export, line, column and reason, and goes on', async () => {
    const audit = await audited(
      await exports({
        tickets: [TICKET, TICKET, 'T3,Closed,yesterday,Acme,Text,,', ',Closed,,,,,', 'T5,Closed'],
        work: [
          'W1,T1,time,x,150.00,,,,,',
          'W2,T1,travel,60,150.00,,,,,',
          'W3,T1,time,,,,,,,',
          'W4,T1,time,-5,150.00,,,,,',
          'W5,T1,time,1.5,150.00,,,,,',
        ],
        invoices: [',T1,,60,150.00,x,', 'I1,T1,,60,"1,5.0",x,'],
      }),
    );
    expect(
      audit.unreadable.map(({ export: name, line, column, reason }) => `${name}:${line} ${column ?? '-'}: ${reason}`),
    ).toEqual([
      'tickets:4 resolved_at: "yesterday" is not a time of the form iso',
      'tickets:5 ticket: the ticket id is missing',
      'tickets:6 -: the row has 2 fields, the header 7',
      'tickets:3 ticket: the ticket stands on line 2 already',
      'work:2 minutes: "x" is not a number with "." as its decimal point',
      'work:3 kind: the kind "travel" is not in the mapping',
      'work:4 minutes: the row says neither how long it took nor what it is worth',
      'work:5 minutes: worked minutes are negative',
      'work:6 minutes: 1.5 are not whole minutes',
      'invoices:2 invoice: the invoice number is missing',
      'invoices:3 amount: "1,5.0" is not a number with "." as its decimal point',
    ]);
    expect(audit.cannotShow).toContainEqual(
      '11 rows could not be read. They are listed with their reasons and are in no figure.',
    );
  });

  it('refuses missing columns, exports that the mapping has no section for, and an unstated zone', async () => {
    const request = await exports({ tickets: [TICKET], work: ['W1,T1,time,60,150.00,,,,,'] });
    await writeFile(join(folder, 'odd.csv'), 'entri,ticket\n1,2\n');
    expect(await auditLeakage({ ...request, work: join(folder, 'odd.csv'), mapping: GENERIC })).toMatchObject({
      code: 'ColumnsMissing',
      message: expect.stringContaining(
        'missing columns: entry for work.id (did you mean entri?); kind for work.kind.column;',
      ),
    });
    const serviceNow = mappingOf('mappings/audit-servicenow.yaml', (yaml) =>
      yaml.replace(/tickets:[\s\S]*/, 'tickets: { id: ticket, state: status, resolved: [Closed] }\n'),
    );
    expect(await auditLeakage({ ...request, mapping: serviceNow })).toMatchObject({ code: 'TimeZoneMissing' });
    expect(await auditLeakage({ ...request, mapping: serviceNow, timeZone: 'UTC' })).toMatchObject({
      code: 'MappingInvalid',
      message: expect.stringContaining('no section `work`'),
    });
  });
});
