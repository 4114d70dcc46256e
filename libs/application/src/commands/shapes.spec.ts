import { describe, expect, it } from '@jest/globals';
import { isRefusal, shape, type Shape } from '@billtrail/kernel';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { card } from '@billtrail/contracts/testing';
import type { CommandClass } from '../command-path/command-definition.js';
import { validated } from '../command-path/validate.js';
import { IssueCreditNote, PublishConfiguration } from './billing.commands.js';
import * as contracts from './contracts.js';
import { LogTimeEntry, RecordExpense } from './work.commands.js';
import { contractFile } from '@billtrail/contracts';
import { problemsOfShape } from '@billtrail/input';
import { commandDefinitions } from '../application.module.js';
import { shapesOf } from './fields.js';

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

const OWN_TO_ALL = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];
/** As a body has it: a member of its own. */
const having = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);

/** All objects that a shape describes, with where they stand; of one that is one of several, each of those. */
function objectsIn(of: Shape<unknown>, path: string): readonly (readonly [string, Shape<unknown>])[] {
  const within = (value: unknown, at: string): readonly (readonly [string, Shape<unknown>])[] =>
    Array.isArray(value) || typeof value !== 'object' || value === null ? [] : objectsIn(value as Shape<unknown>, at);
  const members = Object.entries((of['properties'] ?? {}) as Record<string, unknown>);
  return [
    ...([of.type].flat().includes('object') && of['oneOf'] === undefined ? [[path, of] as const] : []),
    ...members.flatMap(([name, one]) => within(one, `${path}.${name}`)),
    ...((of['oneOf'] ?? []) as unknown[]).flatMap((one, index) => within(one, `${path}|${index}`)),
    ...within(of['items'], `${path}[]`),
    ...within(of['additionalProperties'], `${path}.*`),
  ];
}

describe('a name that every object has by itself', () => {
  it.each(commandDefinitions.map(({ command }) => [command.name, command] as const))(
    'is none of a field, and of nothing in one, of %s',
    async (_, command) => {
      for (const name of OWN_TO_ALL) {
        expect(await problemsOf(command, having(name, 'x'))).toContain(name);
        for (const field of shapesOf(command).keys())
          expect(await problemsOf(command, { [field]: { lists: [having(name, '1')] } })).toEqual([
            `${field}.lists[0].${name}`,
          ]);
      }
    },
  );

  it('is refused in every object of a configuration and of a contract file, by its path', () => {
    const configured = [...shapesOf(PublishConfiguration)].find(([name]) => name === 'configuration')?.[1];
    const objects = [...objectsIn(configured ?? shape.truth, 'configuration'), ...objectsIn(contractFile, 'file')];
    expect(objects.length).toBeGreaterThan(100);
    const taken = objects.flatMap(([path, of]) =>
      OWN_TO_ALL.filter(
        (name) => !problemsOfShape(of, having(name, '1'), 'at').some((one) => one.path === `at.${name}`),
      ).map((name) => `${path}.${name}`),
    );
    expect(taken).toEqual([]);
  });

  it.each(OWN_TO_ALL)('is refused with what to do: %s', async (name) => {
    expect(await validated(PublishConfiguration, having(name, 'x'))).toMatchObject({
      remedy: 'Correct it and send the command again.',
    });
  });

  it('is told as such where people give names', async () => {
    const configuration = { ...NAMED_CONFIGURATION, taxRates: { GST: '10', ...having('constructor', '10') } };
    expect(await validated(PublishConfiguration, { configuration })).toMatchObject({
      code: 'InvalidInput',
      message: 'configuration.taxRates.constructor is a name that nothing can have: choose another.',
    });
  });
});
