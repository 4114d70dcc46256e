import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { card } from '@billtrail/contracts/testing';
import type { CommandClass } from '../command-path/command-definition.js';
import { validated } from '../command-path/validate.js';
import { IssueCreditNote, PublishConfiguration } from './billing.commands.js';
import * as contracts from './contracts.js';
import { LogTimeEntry, RecordExpense } from './work.commands.js';

const TERMS = {
  coverage: [{ id: 'all', name: 'All', match: {}, outcome: 'billable' }],
  rateCard: card({ id: 'card', name: 'Card', currency: 'AUD', labour: [] }, 'GST'),
};
const VERSION = { contractId: 'k-1', effectiveFrom: '2026-01-01', terms: TERMS };

async function problemsOf(command: CommandClass, input: object): Promise<readonly string[]> {
  const refusal = await validated(command, input);
  if (!isRefusal(refusal)) return [];
  expect(refusal.code).toMatch(/^InvalidInput$|Malformed$/);
  return (refusal.details['problems'] as readonly { path: string; message: string }[]).map(({ path, message }) => {
    expect(message).toContain(path);
    return path;
  });
}

describe('a command whose fields have not their shape is refused before it is decided, with every problem', () => {
  it.each<[CommandClass, object, string[]]>([
    [
      contracts.RenewContract,
      { contractId: 'k', versionNumber: 0, effectiveTo: '2027-02-29' },
      ['versionNumber', 'effectiveTo'],
    ],
    [contracts.RenewContract, { contractId: 'k', versionNumber: 1 }, ['effectiveTo']],
    [contracts.SuspendContract, { contractId: 'k', from: '2026-02-30', reason: '' }, ['from', 'reason']],
    [contracts.ResumeContract, { contractId: 'k', resumedOn: '2026-02-30' }, ['resumedOn']],
    [contracts.TerminateContract, { contractId: 'k', lastDay: '2026-06-31', reason: ' ' }, ['lastDay', 'reason']],
    [contracts.RecordNotice, { contractId: 'k', givenOn: '1 October', reason: '' }, ['givenOn', 'reason']],
    [
      contracts.DeclareMilestoneReached,
      { contractId: 'k', milestoneId: 'm', reachedOn: '2026-02-30', acceptedBy: '' },
      ['acceptedBy', 'reachedOn'],
    ],
    [contracts.WithdrawMilestoneDeclaration, { contractId: 'k', milestoneId: 'm', reason: '' }, ['reason']],
    [contracts.WithdrawNotice, { contractId: 'k', reason: '' }, ['reason']],
    [contracts.RecordCount, { contractId: 'k', countOf: '', count: 1.5, from: 'now' }, ['countOf', 'count', 'from']],
    [contracts.WithdrawPrepaidBlock, { contractId: 'k', blockId: 'b', reason: '' }, ['reason']],
    [
      contracts.PurchasePrepaidBlock,
      {
        contractId: 'k',
        blockId: '',
        amount: { unit: 'money', money: { amount: '0', currency: 'NZDX' } },
        purchasedOn: '2026-01-01',
        price: { net: { amount: '-1', currency: 'AUD' }, taxCategory: '' },
      },
      ['blockId', 'amount.money.amount', 'amount.money.currency', 'price.net.amount', 'price.taxCategory'],
    ],
    [
      contracts.RegisterSite,
      {
        clientId: 'c',
        siteId: '-',
        from: '2026-02-30',
        name: '',
        timeZone: 'Mars/Olympus',
        calendar: { hours: { monday: [{ opens: '25:00', closes: '26:00' }] } },
        billTo: '',
      },
      [
        'name',
        'timeZone',
        'calendar.hours.monday[0].opens',
        'calendar.hours.monday[0].closes',
        'billTo',
        'siteId',
        'from',
      ],
    ],
    [
      contracts.RegisterClient,
      { clientId: '-', name: ' ', currency: 'XYZ1', timeZone: 'Mars/Olympus', address: '', taxExemption: '' },
      ['clientId', 'name', 'currency', 'timeZone', 'address', 'taxExemption'],
    ],
    [
      RecordExpense,
      { ticketId: 't', expenseId: 'e', description: 'Taxi', cost: { amount: 33 }, workDate: '2026-03-02' },
      ['cost.currency', 'cost.amount'],
    ],
    [
      LogTimeEntry,
      {
        ticketId: 't',
        timeEntryId: 'e',
        engineerId: 'x',
        engineerRole: 'r',
        workType: 'w',
        minutes: 1441,
        workDate: '1989-12-31',
        description: 'x',
      },
      ['minutes', 'workDate'],
    ],
    [
      IssueCreditNote,
      {
        clientId: 'c',
        period: '2026-13',
        invoiceId: 'i',
        creditNoteId: 'n',
        items: [{ itemId: 'a b', outcome: 'free' }],
        reasonCode: 'r',
        comment: 'c',
      },
      ['period', 'items.0.itemId', 'items.0.outcome'],
    ],
  ])('%p', async (command, input, paths) => {
    expect([...(await problemsOf(command, input))].sort()).toEqual([...paths].sort());
  });

  it('what terms and a configuration mean is told with it', async () => {
    const twice = { ...TERMS, coverage: [...TERMS.coverage, ...TERMS.coverage] };
    const asked = { ...VERSION, clientId: 'c', name: ' ', terms: { ...twice, caps: 5 } };
    expect(await problemsOf(contracts.ActivateContract, asked)).toEqual(['name', 'terms.caps', 'terms.coverage[1].id']);
    const configuration = {
      ...NAMED_CONFIGURATION,
      unbilledAfterDays: -1,
      organisation: { ...NAMED_CONFIGURATION.organisation, taxId: '1' },
    };
    expect(await problemsOf(PublishConfiguration, { configuration })).toEqual([
      'configuration.unbilledAfterDays',
      'configuration.organisation.taxId',
    ]);
  });

  it('the parts of a contract that is stated whole have the shapes of commands', async () => {
    const part = { type: 'ActivateContract', clientId: 'c', name: 'K', priority: 1, effectiveTo: null, ...VERSION };
    const stated = (parts: unknown) => problemsOf(contracts.StateContract, { contractId: 'k-1', parts });
    expect(
      await stated([part, { type: 'RecordCount', contractId: 'k-1', countOf: 'pc', count: 3, from: '2026-01-01' }]),
    ).toEqual([]);
    expect(await stated([{ ...part, terms: { ...TERMS, coverage: [] } }, { type: 'Free' }, 7])).toEqual([
      'parts[0].terms.coverage',
      'parts[1].type',
      'parts[2]',
    ]);
  });
});
