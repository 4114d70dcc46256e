import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billingCommands as billing, ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import { isRefusal, type Instant } from '@billtrail/kernel';
import { MAX_PAGE } from '@billtrail/read-models';
import { ADMIN, ENGINEER, House } from '../laws/kit/house.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from '../scenarios/msp.js';
import { ANNA } from '../scenarios/people.js';

const OF = { clientId: 'bluegum', period: '2026-03' } as const;
const WHY = { reasonCode: 'wrong-item', comment: 'agreed on the phone' };
const DAY = '2026-03-10';
const CORRECTED = {
  ticketId: 'T1',
  timeEntryId: 'W1',
  engineerId: ENGINEER.id,
  engineerRole: 'engineer',
  workType: 'remote',
  workDate: DAY,
  minutes: 30,
  description: 'Worked',
  reason: 'mistyped',
};

class Killed extends Error {}

/** Each command that takes several appends, and how many. */
const FLOWS: readonly (readonly [what: string, appends: number, command: CommandClass, input: object])[] = [
  ['an invoice', 3, billing.IssueInvoice, { ...OF, invoiceId: 'I2' }],
  [
    'a credit note',
    3,
    billing.IssueCreditNote,
    { ...OF, ...WHY, invoiceId: 'I1', creditNoteId: 'C1', items: [{ itemId: 'W2', outcome: 'bill-again' }] },
  ],
  [
    'a credit note by which one person forgoes money',
    4,
    billing.IssueCreditNote,
    { ...OF, ...WHY, invoiceId: 'I1', creditNoteId: 'C1', items: [{ itemId: 'W2', outcome: 'written-off' }] },
  ],
  ['a note of what is owed', 3, billing.GiveCredits, { ...OF, ...WHY, creditNoteId: 'C1', items: ['W1@a1'] }],
  ['a write-off', 2, billing.WriteOffWork, { ...OF, ...WHY, itemId: 'X1' }],
];

describe('a process that is killed right after any of its appends', () => {
  let folder: string;
  let now: Instant;
  let runs = 0;

  /** An invoice of two hours, of which half an hour is owed by now; an approved draft of another ticket, and work that is on none. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cut-'));
    const msp = await Msp.opens('2026-04-01', {}, join(folder, 'story'));
    await msp.signs('bluegum');
    const first = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2']) await first.time(id, 60, DAY);
    await msp.house.settle();
    await msp.bills('I1', OF.clientId, OF.period);
    await msp.send(tickets.CorrectTimeEntry, CORRECTED, { actor: ADMIN });
    await msp.approves('time', 'T1', 'W1');
    const [second, third] = [await msp.ticket('T2', 'bluegum'), await msp.ticket('T3', 'bluegum')];
    await second.time('Y1', 60, DAY);
    await msp.house.settle();
    await msp.send(billing.DraftInvoice, { ...OF, invoiceId: 'I2', tickets: ['T2'] });
    await msp.send(billing.ApproveInvoice, { ...OF, invoiceId: 'I2' });
    await third.time('X1', 60, DAY);
    await msp.house.settle();
    ({ now } = msp.house);
    await msp.closes();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** `after`: so many appends; null: it lives. Answers what another process makes of what is left. */
  async function told(command: CommandClass, input: object, after: number | null) {
    const dataDir = join(folder, `run-${++runs}`);
    cpSync(join(folder, 'story'), dataDir, { recursive: true });
    const first = await House.open(now, dataDir);
    const { store } = first.billtrail;
    const append = store.append.bind(store);
    let appends = 0;
    Object.assign(store, {
      append: async (...given: Parameters<typeof append>) => {
        if (appends === after) throw new Killed();
        appends += 1;
        return append(...given);
      },
    });
    const answer = await first.send(command, input, { actor: ANNA }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      return null;
    });
    expect(answer === null || !isRefusal(answer)).toBe(true);
    const counted = appends;
    await first.close();
    const other = await House.open(now, dataDir, 1_000);
    try {
      await other.settle();
      const { models } = other.billtrail;
      return {
        counted,
        items: (await models.billableItems.list({}, { limit: MAX_PAGE })).items.map(
          ({ itemId, disposition, net }) => `${itemId} ${disposition} ${net?.amount}`,
        ),
        documents: [
          ...(await models.invoices.list()).items.map(({ invoiceId, number, status }) => [invoiceId, number, status]),
          ...(await models.creditNotes.list()).items.map(({ creditNoteId, number, status }) => [
            creditNoteId,
            number,
            status,
          ]),
        ],
        requests: (await models.approvals.list()).items.map(({ act, state }) => [act, state]),
        events: (await other.events()).map(({ type, stream }) => `${stream} ${type}`).sort(),
        brokenLaws: brokenLaws(await lookAt({ house: other }, { isSettled: true })).map(String),
      };
    } finally {
      await other.close();
    }
  }

  it.each(FLOWS)(
    'leaves %s whole for the next one, after each of %i appends',
    async (_what, appends, command, input) => {
      const { counted, ...whole } = await told(command, input, null);
      expect(counted).toBe(appends);
      expect(whole.brokenLaws).toEqual([]);
      for (let after = 1; after < appends; after++)
        expect(await told(command, input, after)).toEqual({ counted: after, ...whole });
    },
  );
});
