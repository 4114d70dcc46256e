import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
  type CommandClass,
} from '@billtrail/application';
import { checkContractFile } from '@billtrail/input';
import { Msp, versionOf } from './msp.js';
import { ANNA } from './people.js';

const BOUNDS = 'from 1990-01-01 to 2100-12-31';
const DAY = `must be a date that exists, as YYYY-MM-DD, ${BOUNDS}`;
const TIME = `must be a time with offset (RFC 3339), like 2026-03-31T23:30:00+11:00, on a day ${BOUNDS}`;
const contractId = 'bluegum-1';
const contract = { contractId, clientId: 'bluegum', name: 'x', priority: 10, ...versionOf({}) };
const block = { contractId, blockId: 'A', amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-03-01' };
const count = { contractId, countOf: 'server', count: 1 };
const entry = {
  ticketId: 'T1',
  timeEntryId: 'W1',
  engineerId: 'priya',
  engineerRole: 'engineer',
  workType: 'remote',
  minutes: 60,
  workDate: '2026-03-01',
  description: 'x',
};
const invoice = { invoiceId: 'I1', clientId: 'bluegum', period: '2026-03' };

/** Each command that takes a day, a month or a time, with one that is out of bounds, and what is said of it. */
const BEYOND: readonly (readonly [CommandClass, object, string])[] = [
  [contracts.ActivateContract, { ...contract, effectiveFrom: '0206-01-01' }, `effectiveFrom ${DAY}.`],
  [
    contracts.PublishContractVersion,
    { contractId, ...versionOf({}), effectiveTo: '9999-12-31' },
    `effectiveTo ${DAY}; where there is no end, leave it out, or null.`,
  ],
  [
    contracts.RenewContract,
    { contractId, versionNumber: 1, effectiveTo: '9999-12-31' },
    `effectiveTo ${DAY}; where there is no end, send null.`,
  ],
  [contracts.TerminateContract, { contractId, lastDay: '2101-01-01', reason: 'x' }, `lastDay ${DAY}.`],
  [contracts.SuspendContract, { contractId, from: '1989-12-31', reason: 'x' }, `from ${DAY}.`],
  [contracts.ResumeContract, { contractId, resumedOn: '9999-01-01' }, `resumedOn ${DAY}.`],
  [contracts.PurchasePrepaidBlock, { ...block, purchasedOn: '9999-12-31' }, `purchasedOn ${DAY}.`],
  [
    contracts.PurchasePrepaidBlock,
    { ...block, expiresOn: '9999-12-31' },
    `expiresOn ${DAY}; where there is no end, leave it out, or null.`,
  ],
  [contracts.RecordCount, { ...count, from: '0001-01-01' }, `from ${DAY}.`],
  [contracts.RecordCount, { ...count, from: '2026-03-01', occurredAt: '0000-01-01T00:00:00Z' }, `occurredAt ${TIME}.`],
  [
    tickets.ResolveTicket,
    {
      ticketId: 'T1',
      resolution: 'x',
      materials: 'none-used',
      scope: 'in-contract',
      occurredAt: '0000-01-01T00:00:00Z',
    },
    `occurredAt ${TIME}.`,
  ],
  [tickets.LogTimeEntry, { ...entry, workDate: '1989-12-31' }, `workDate ${DAY}.`],
  [
    tickets.LogTimeEntry,
    { ...entry, startedAt: '9999-12-31T00:00:00Z', endedAt: '9999-12-31T01:00:00Z' },
    `startedAt ${TIME}; endedAt ${TIME}.`,
  ],
  [
    billing.DraftInvoice,
    { ...invoice, period: '9999-12' },
    'period must be a month, like 2026-03, from 1990-01 to 2100-12.',
  ],
  [
    billing.DraftInvoice,
    { ...invoice, period: '0000-01' },
    'period must be a month, like 2026-03, from 1990-01 to 2100-12.',
  ],
  [billing.IssueInvoice, { ...invoice, issueDate: '2101-01-01' }, `issueDate ${DAY}.`],
];

describe('business dates at the door (X1, X3, X4)', () => {
  let msp: Msp;
  beforeAll(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
    await msp.ticket('T1', 'bluegum');
  });
  afterAll(() => msp.closes());

  it.each(BEYOND.map(([type, input, message]) => [type.name, message, type, input] as const))(
    '%s: %s',
    async (_, message, type, input) => {
      const before = await msp.house.billtrail.store.head();
      const answer = await msp.house.send(type, input, { actor: ANNA });
      expect(isRefusal(answer) && [answer.code, answer.message]).toEqual(['InvalidInput', message]);
      expect(await msp.house.billtrail.store.head()).toEqual(before);
    },
  );

  it('bound the days of a contract file too, with its path', () => {
    const weekdays = { hours: { monday: [{ opens: '08:00', closes: '17:00' }] } };
    const rateCalendar = { ...weekdays, holidays: [{ date: '0206-01-26', name: 'Australia Day' }] };
    const { terms } = versionOf({ besides: { rateCalendar, timeZone: 'Australia/Sydney' } }) as { terms: object };
    const { problems } = checkContractFile({
      clients: [
        {
          clientId: 'bluegum',
          currency: 'AUD',
          contracts: [
            {
              contractId,
              name: 'x',
              priority: 10,
              effectiveFrom: '2026-01-01',
              effectiveTo: '9999-12-31',
              terms,
              blocks: [{ ...block, contractId: undefined, expiresOn: '9999-12-31' }],
              counts: [{ countOf: 'server', count: 1, from: '0206-01-01' }],
            },
          ],
        },
      ],
    });
    const at = 'clients[0].contracts[0]';
    expect(problems).toEqual(
      expect.arrayContaining([
        { path: `${at}.effectiveTo`, problem: `${DAY}; where there is no end, leave it out, or null` },
        { path: `${at}.terms.rateCalendar.holidays[0].date`, problem: DAY },
        { path: `${at}.counts[0].from`, problem: DAY },
      ]),
    );
  });
});
