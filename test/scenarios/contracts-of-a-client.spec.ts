import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal, type DomainEvent } from '@billtrail/kernel';
import { contractCommands as contracts, type CommandClass } from '@billtrail/application';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ACCOUNTANT, House } from '../laws/kit/house.js';
import { versionOf } from './msp.js';

/** What one process asks while another asks too: the command, and what it is about. */
type Asked = readonly [CommandClass, object];

const CLIENT = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
const about = (contractId: string) => ({ contractId, clientId: 'acme', name: contractId, priority: 10 });
const activates = (contractId: string, changes: object = {}): Asked => [
  contracts.ActivateContract,
  { ...about(contractId), ...versionOf({}), ...changes },
];

describe('contracts of one client in two processes on one folder (K12, G18)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let one: House;
  let other: House;

  beforeEach(async () => {
    folder = temporaryFolder();
    one = await House.open('2026-03-02T09:00:00+11:00', folder.path);
    other = await House.open('2026-03-02T09:00:00+11:00', folder.path, 1_000);
    await one.must(contracts.RegisterClient, CLIENT, { actor: ACCOUNTANT });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await one.close();
    await other.close();
    folder.remove();
  });

  const tries = async (house: House, [command, input]: Asked): Promise<string> => {
    const answer = await house.send(command, input, { actor: ACCOUNTANT });
    return isRefusal(answer) ? answer.code : 'accepted';
  };

  /** What became of the command of a process that decides, stops before it appends, and wakes after `meanwhile`. */
  const wakesAfter = async (asked: Asked, meanwhile: () => Promise<unknown>): Promise<string> => {
    const { store } = one.billtrail;
    const append = store.append.bind(store);
    let isStopped = false;
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (!isStopped && request.stream === 'contracts-acme') {
        isStopped = true;
        await meanwhile();
      }
      return append(request, ...others);
    });
    const answer = await tries(one, asked);
    expect(isStopped).toBe(true);
    return answer;
  };

  const eventsOf = async (stream: string) =>
    (await one.billtrail.store.readStream(stream)).events.map(({ type }) => type);

  const OVERLAPS: readonly (readonly [string, readonly Asked[], Asked, Asked])[] = [
    ['two activations', [], activates('a'), activates('b')],
    [
      'a renewal, and an activation after the term',
      [activates('a', { effectiveTo: '2026-03-31' })],
      [contracts.RenewContract, { contractId: 'a', versionNumber: 1, effectiveTo: '2026-12-31' }],
      activates('b', versionOf({ from: '2026-06-01' })),
    ],
    [
      'an activation after the term, and a renewal',
      [activates('a', { effectiveTo: '2026-03-31' })],
      activates('b', versionOf({ from: '2026-06-01' })),
      [contracts.RenewContract, { contractId: 'a', versionNumber: 1, effectiveTo: '2026-12-31' }],
    ],
    [
      'a version that begins earlier, and an activation before the first',
      [activates('a', versionOf({ from: '2026-06-01' }))],
      [contracts.PublishContractVersion, { contractId: 'a', ...versionOf({ from: '2026-01-01' }) }],
      activates('b', { ...versionOf({ from: '2026-01-01' }), effectiveTo: '2026-05-31' }),
    ],
    [
      'a later end, and an activation after the end',
      [activates('a'), [contracts.TerminateContract, { contractId: 'a', lastDay: '2026-03-31', reason: 'moved' }]],
      [contracts.TerminateContract, { contractId: 'a', lastDay: '2026-12-31', reason: 'stays' }],
      activates('b', versionOf({ from: '2026-04-01' })),
    ],
    [
      'a resumption, and an activation in its place',
      [activates('a'), [contracts.SuspendContract, { contractId: 'a', from: '2026-03-01', reason: 'rests' }]],
      [contracts.ResumeContract, { contractId: 'a', resumedOn: '2026-06-01' }],
      activates('b', versionOf({ from: '2026-04-01' })),
    ],
    [
      'a whole contract of a file, and an activation',
      [],
      [
        contracts.StateContract,
        { contractId: 'a', parts: [{ type: 'ActivateContract', ...about('a'), ...versionOf({}), effectiveTo: null }] },
      ],
      activates('b'),
    ],
  ];

  it.each(OVERLAPS)('%s claim the same days: the first in the log has them', async (_what, before, late, early) => {
    for (const asked of before) expect(await tries(other, asked)).toBe('accepted');
    let first = '';
    const second = await wakesAfter(late, async () => (first = await tries(other, early)));
    expect([first, second]).toEqual(['accepted', 'ContractsOverlap']);
  });

  const MINUTES = { unit: 'minutes', minutes: 60 } as const;
  const block: Asked = [
    contracts.PurchasePrepaidBlock,
    { contractId: 'a', blockId: 'b-2', amount: MINUTES, purchasedOn: '2026-03-02' },
  ];
  const servers: Asked = [contracts.RecordCount, { contractId: 'a', countOf: 'server', count: 2, from: '2026-03-02' }];
  const ends = (lastDay: string): Asked => [
    contracts.TerminateContract,
    { contractId: 'a', lastDay, reason: 'moved away' },
  ];

  it.each([
    ['a block', block],
    ['a count', servers],
    [
      'a count of a file',
      [
        contracts.StateContract,
        {
          contractId: 'a',
          parts: [{ type: 'RecordCount', contractId: 'a', countOf: 'x', count: 1, from: '2026-03-02' }],
        },
      ] satisfies Asked,
    ],
  ])('%s that is decided before the end of its contract, and written after it, is refused', async (_what, late) => {
    expect(await tries(other, activates('a'))).toBe('accepted');
    let first = '';
    const second = await wakesAfter(late, async () => (first = await tries(other, ends('2026-03-01'))));
    expect([first, second]).toEqual(['accepted', 'ContractEnded']);
    expect((await eventsOf('contracts-acme')).at(-1)).toBe('ContractTerminated');
  });

  it.each([
    ['a block', block],
    ['a count', servers],
  ])('%s until the last day of a contract that is ended meanwhile is recorded', async (_what, late) => {
    expect(await tries(other, activates('a'))).toBe('accepted');
    expect(await wakesAfter(late, () => tries(other, ends('2026-03-02')))).toBe('accepted');
  });

  it('of a block and a count asked for at once both are recorded', async () => {
    expect(await tries(other, activates('a'))).toBe('accepted');
    expect(await wakesAfter(block, () => tries(other, servers))).toBe('accepted');
    expect((await eventsOf('contracts-acme')).slice(-2)).toEqual(['CountRecorded', 'PrepaidBlockPurchased']);
  });

  it('a renewal by itself that is decided too late leaves the days to what was activated meanwhile', async () => {
    const renewing = { renewal: { automatic: true, months: 12, noticeDays: 30 } };
    const terms = versionOf({ from: '2025-04-01', besides: renewing });
    expect(await tries(other, activates('a', { ...terms, effectiveTo: '2026-03-31' }))).toBe('accepted');
    one.passDays(29);
    other.passDays(29);
    const { store } = one.billtrail;
    const append = store.append.bind(store);
    let first = '';
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (first === '' && request.actor.id === 'renew-contracts') {
        // The other has not come to the last day of the term.
        other.passDays(-20);
        first = await tries(other, activates('b', versionOf({ from: '2026-04-01' })));
      }
      return append(request, ...others);
    });
    await one.settle();
    await one.settle();
    expect(first).toBe('accepted');
    expect(await eventsOf('contracts-acme')).not.toContain('ContractRenewed');
  });

  it('contracts that share no day are both in force', async () => {
    const answer = await wakesAfter(activates('a', { effectiveTo: '2026-03-31' }), () =>
      tries(other, activates('b', versionOf({ from: '2026-04-01' }))),
    );
    expect(answer).toBe('accepted');
  });

  it('one id is wanted for two clients: the first has it', async () => {
    await one.must(contracts.RegisterClient, { ...CLIENT, clientId: 'zeta' }, { actor: ACCOUNTANT });
    let first = '';
    const { store } = one.billtrail;
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (first === '' && request.stream === 'contracts-acme')
        first = await tries(other, activates('a', { clientId: 'zeta' }));
      return append(request, ...others);
    });
    expect([await tries(one, activates('a')), first]).toEqual(['ContractAlreadyActive', 'accepted']);
    expect(await eventsOf('contracts-acme')).toEqual([]);
    expect(await eventsOf('contract-a')).toEqual(['KeyClaimed']);
  });

  it('a contract that is refused takes no id', async () => {
    expect(await tries(one, activates('a'))).toBe('accepted');
    expect(await tries(one, activates('b'))).toBe('ContractsOverlap');
    expect(await eventsOf('contract-b')).toEqual([]);
    await one.must(contracts.RegisterClient, { ...CLIENT, clientId: 'zeta' }, { actor: ACCOUNTANT });
    expect(await tries(other, activates('b', { clientId: 'zeta' }))).toBe('accepted');
  });

  it('of a hundred pairs of overlapping contracts no two are in force', async () => {
    for (let pair = 0; pair < 100; pair++) {
      const answers = await Promise.all([
        tries(one, activates(`one-${pair}`, { priority: pair })),
        tries(other, activates(`other-${pair}`, { priority: pair })),
      ]);
      expect(answers.sort()).toEqual(['ContractsOverlap', 'accepted']);
    }
  });

  describe('that had streams of their own before', () => {
    const tell = (contractId: string, events: readonly (readonly [string, object])[]) =>
      one.billtrail.store.append({
        stream: `contract-${contractId}`,
        expected: 'any',
        events: events.map(([type, data]): DomainEvent => ({ type, data, occurredAt: '2026-01-01T00:00:00Z' })),
        actor: ACCOUNTANT,
        commandId: `old-${contractId}`,
        correlationId: contractId,
        causationId: null,
        fingerprint: 'by-hand',
      });
    const old = (contractId: string, priority: number): Promise<unknown> =>
      tell(contractId, [
        ['ContractActivated', { ...about(contractId), priority }],
        ['ContractVersionPublished', { contractId, versionNumber: 1, effectiveTo: null, ...versionOf({}) }],
        ['CountRecorded', { contractId, countOf: 'server', count: 2, from: '2026-01-01' }],
      ]);
    beforeEach(async () => {
      await old('old', 10);
      await old('older', 20);
      await one.settle();
      await other.settle();
    });

    it('are listed by the first command, with the versions read, and keep what was recorded of them', async () => {
      expect(await tries(one, activates('a'))).toBe('ContractsOverlap');
      expect(await eventsOf('contracts-acme')).toEqual([]);
      const end = { contractId: 'old', lastDay: '2026-03-31', reason: 'moved' };
      expect(await tries(one, [contracts.TerminateContract, end])).toBe('accepted');
      const { events } = await one.billtrail.store.readStream('contracts-acme');
      expect(events.map(({ type }) => type)).toEqual(['ContractsListed', 'ContractTerminated']);
      expect(events[0]?.data).toEqual({
        clientId: 'acme',
        contracts: [
          { contractId: 'old', version: 3 },
          { contractId: 'older', version: 3 },
        ],
      });
      // They are known by what their own streams hold, and by what follows in the client's.
      const count = { contractId: 'old', countOf: 'server', count: 3, from: '2026-05-01' };
      expect(await tries(one, [contracts.RecordCount, count])).toBe('ContractEnded');
      expect(await tries(one, [contracts.RecordCount, { ...count, from: '2026-03-01' }])).toBe('accepted');
      expect(await tries(one, activates('a', versionOf({ from: '2026-03-31' })))).toBe('ContractsOverlap');
      expect(await tries(one, activates('a', versionOf({ from: '2026-04-01' })))).toBe('accepted');
      expect(await tries(one, activates('older', versionOf({ from: '2026-04-01' })))).toBe('ContractAlreadyActive');
      await one.settle();
      const facts = await one.billtrail.models.billableItems.contractsOf('acme');
      expect(facts.map(({ contractId, lastDay, counts }) => [contractId, lastDay, counts?.length])).toEqual([
        ['a', null, 0],
        ['old', '2026-03-31', 2],
        ['older', null, 1],
      ]);
    });

    it('are listed by a block or a count too, which then is in the common stream', async () => {
      const count = { contractId: 'old', countOf: 'server', count: 3, from: '2026-05-01' };
      expect(await tries(one, [contracts.RecordCount, { ...count, from: '2026-01-01', count: 2 }])).toBe('accepted');
      expect(await eventsOf('contracts-acme')).toEqual([]);
      const answer = await wakesAfter([contracts.RecordCount, count], () =>
        tries(other, [contracts.TerminateContract, { contractId: 'old', lastDay: '2026-04-30', reason: 'moved' }]),
      );
      expect(answer).toBe('ContractEnded');
      expect(await tries(one, [contracts.RecordCount, { ...count, from: '2026-04-30' }])).toBe('accepted');
      expect(await eventsOf('contracts-acme')).toEqual(['ContractsListed', 'ContractTerminated', 'CountRecorded']);
      expect(await eventsOf('contract-old')).toHaveLength(3);
    });

    it('are listed once where two processes come to it at the same moment', async () => {
      const end = (contractId: string): Asked => [
        contracts.TerminateContract,
        { contractId, lastDay: '2026-03-31', reason: 'moved' },
      ];
      const answer = await wakesAfter(end('old'), () => tries(other, end('older')));
      expect(answer).toBe('accepted');
      expect(await eventsOf('contracts-acme')).toEqual(['ContractsListed', 'ContractTerminated', 'ContractTerminated']);
    });
  });
});
