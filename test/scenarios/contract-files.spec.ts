import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { contractCommands, planContracts, contractsOf, ticketCommands } from '@billtrail/application';
import { type ContractCommand } from '@billtrail/contracts';
import { checkContractFile } from '@billtrail/input';
import { streamName } from '@billtrail/event-store';
import { ACCOUNTANT, House, OPERATOR } from '../laws/kit/house.js';

const CONTRACTS = ['k-support', 'k-projects', 'k-blocks'] as const;

const card = (pricePerHour: string) => ({
  id: 'card',
  name: 'Standard',
  currency: 'AUD',
  labour: [{ workType: null, engineerRole: null, pricePerHour }],
  minimumMinutes: 0,
  incrementMinutes: 1,
  roundingScope: 'entry',
  materials: { pricing: 'list' },
  expenses: { markupPercent: '0' },
  taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
});

/** Three contracts of one client: support that excludes projects, projects behind it, and blocks with a life. */
function fileWith(pricePerHour: string): readonly ContractCommand[] {
  const all = [{ id: 'all', name: 'All work', match: {}, outcome: 'billable' }];
  const coverage = [
    { id: 'projects', name: 'Projects', match: { workTypes: ['project'] }, outcome: 'excluded' },
    { id: 'support', name: 'Support', match: {}, outcome: 'billable' },
  ];
  const contract = (contractId: string, priority: number, terms: object, rest: object = {}) => ({
    contractId,
    name: contractId,
    priority,
    effectiveFrom: '2026-01-01',
    terms,
    ...rest,
  });
  const { commands, isSound, problems } = checkContractFile({
    workTypes: ['remote', 'project'],
    engineerRoles: ['engineer'],
    clients: [
      {
        clientId: 'acme',
        currency: 'AUD',
        contracts: [
          contract('k-support', 10, { coverage, rateCard: card(pricePerHour) }),
          contract('k-projects', 20, { coverage: all, rateCard: card('200.00') }),
          contract(
            'k-blocks',
            30,
            { coverage: all, rateCard: card('90.00') },
            {
              laterVersions: [{ effectiveFrom: '2026-07-01', terms: { coverage: all, rateCard: card('95.00') } }],
              blocks: [
                {
                  blockId: 'b-1',
                  amount: { unit: 'minutes', minutes: 600 },
                  purchasedOn: '2026-01-01',
                  expiresOn: null,
                },
              ],
              counts: [{ countOf: 'server', count: 2, from: '2026-01-01' }],
              suspensions: [{ from: '2026-03-01', resumedOn: '2026-03-05', reason: 'rests' }],
              termination: { lastDay: '2026-12-31', reason: 'ends' },
            },
          ),
        ],
      },
    ],
  });
  if (!isSound) throw new Error(JSON.stringify(problems));
  return commands;
}

describe('a contract file that is put in force', () => {
  let house: House;
  beforeEach(async () => {
    house = await house2026();
  });
  afterEach(() => house.close());

  async function house2026(): Promise<House> {
    const opened = await House.open('2026-04-01T09:00:00Z');
    const client = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
    await opened.must(contractCommands.RegisterClient, client, { actor: ACCOUNTANT });
    return opened;
  }

  const putInForce = async (where: House, commands: readonly ContractCommand[]): Promise<void> => {
    const plans = await planContracts(where.billtrail, commands);
    if (isRefusal(plans)) throw new Error(plans.code);
    for (const stated of contractsOf(commands))
      await where.must(contractCommands.StateContract, stated, { actor: ACCOUNTANT });
  };
  /** What is recorded of each contract, apart from its id. */
  const recorded = async (where: House) => {
    const events = (await where.events()).map(({ type, data }) => ({ type, data: data as { contractId?: string } }));
    return CONTRACTS.map((contractId) => events.filter(({ data }) => data.contractId === contractId));
  };

  const breakAppend = (step: number, isWritten: boolean) => {
    const { store } = house.billtrail;
    const append = store.append.bind(store);
    let appends = 0;
    return jest.spyOn(store, 'append').mockImplementation(async (...asked) => {
      appends += 1;
      if (appends !== step) return append(...asked);
      if (isWritten) await append(...asked);
      throw new Error('the disk is gone');
    });
  };

  const STEPS = [1, 2, 3].flatMap((step) => [
    ['fails before it is written', step, false] as const,
    ['is written, and its answer is lost', step, true] as const,
  ]);

  it.each(STEPS)(
    'where append %s (number %i): no contract is half there, and the same file again has the same effect',
    async (_how, step, isWritten) => {
      const spy = breakAppend(step, isWritten);
      await expect(putInForce(house, fileWith('150.00'))).rejects.toThrow('the disk is gone');
      spy.mockRestore();

      const undisturbed = await house2026();
      await putInForce(undisturbed, fileWith('150.00'));
      const whole = await recorded(undisturbed);
      await undisturbed.close();
      // Each is recorded whole, and its id with it.
      const present = isWritten ? step : step - 1;
      expect(await recorded(house)).toEqual(whole.map((events, index) => (index < present ? events : [])));

      await putInForce(house, fileWith('150.00'));
      expect(await recorded(house)).toEqual(whole);
    },
  );

  it.each([
    ['before it is written', false],
    ['after it is written', true],
  ])(
    'with another end and count of a contract in force ends %s: both are there or neither, and sent again both are',
    async (_at, isWritten) => {
      await putInForce(house, fileWith('150.00'));
      const before = await recorded(house);
      const changed = fileWith('150.00').map((one) => {
        if (one.contractId !== 'k-blocks') return one;
        if (one.type === 'RecordCount') return { ...one, count: 3 };
        return one.type === 'TerminateContract' ? { ...one, lastDay: '2026-11-30' } : one;
      });
      const spy = breakAppend(1, isWritten);
      await expect(putInForce(house, changed)).rejects.toThrow('the disk is gone');
      spy.mockRestore();
      if (!isWritten) expect(await recorded(house)).toEqual(before);
      await putInForce(house, changed);
      const [, , blocks] = await recorded(house);
      expect(blocks?.slice(-2).map(({ type }) => type)).toEqual(['ContractTerminated', 'CountRecorded']);
      const { events } = await house.billtrail.store.readStream(streamName('contract', 'k-blocks'));
      expect(events.map(({ type }) => type)).toEqual(['KeyClaimed']);
      const head = await house.billtrail.store.head();
      await putInForce(house, changed);
      expect(await house.billtrail.store.head()).toEqual(head);
    },
  );

  it('changes nothing when it is sent again', async () => {
    await putInForce(house, fileWith('150.00'));
    const head = await house.billtrail.store.head();
    await putInForce(house, fileWith('150.00'));
    expect(await house.billtrail.store.head()).toEqual(head);
    expect(await planContracts(house.billtrail, fileWith('150.00'))).toMatchObject(
      CONTRACTS.map((contractId) => ({ contractId, isNew: false, events: [], versions: [], money: [] })),
    );
  });

  it('records nothing where one of its contracts is refused', async () => {
    const commands = fileWith('150.00').map((one) =>
      one.contractId === 'k-blocks' && one.type === 'ActivateContract' ? { ...one, clientId: 'nobody' } : one,
    );
    const head = await house.billtrail.store.head();
    expect(await planContracts(house.billtrail, commands)).toMatchObject({ code: 'ClientNotFound' });
    await expect(putInForce(house, commands)).rejects.toThrow('ClientNotFound');
    expect(await house.billtrail.store.head()).toEqual(head);
  });

  it('with another price publishes a new version, and tells the difference in terms and in rated money', async () => {
    await putInForce(house, fileWith('150.00'));
    await house.must(
      ticketCommands.RequestTicket,
      { ticketId: 'T1', summary: 'Slow', clientId: 'acme' },
      { actor: OPERATOR },
    );
    const triage = { ticketId: 'T1', clientId: 'acme', category: 'server', priority: 'high' };
    await house.must(ticketCommands.TriageTicket, triage, { actor: OPERATOR });
    await house.must(ticketCommands.AssignTicket, { ticketId: 'T1', engineerId: 'eng-1' }, { actor: OPERATOR });
    await house.must(
      ticketCommands.LogTimeEntry,
      {
        ticketId: 'T1',
        timeEntryId: 'te-1',
        engineerId: 'eng-1',
        engineerRole: 'engineer',
        workType: 'remote',
        minutes: 90,
        workDate: '2026-03-10',
        description: 'Made it fast',
      },
      { actor: OPERATOR },
    );
    const [plan, ...others] = (await planContracts(house.billtrail, fileWith('160.00'))) as readonly unknown[];
    expect(plan).toMatchObject({
      contractId: 'k-support',
      clientId: 'acme',
      isNew: false,
      events: ['ContractVersionPublished'],
      versions: [
        {
          versionNumber: 2,
          effectiveFrom: '2026-01-01',
          inPlaceOf: 1,
          differences: [{ path: 'rateCard.labour[0].pricePerHour', before: '150.00', after: '160.00' }],
        },
      ],
      money: [
        { period: '2026-03', net: { amount: '15.00', currency: 'AUD' }, frozen: { amount: '0.00', currency: 'AUD' } },
      ],
    });
    expect(others).toMatchObject([{ events: [] }, { events: [] }]);
    await putInForce(house, fileWith('160.00'));
    const [support] = await recorded(house);
    expect(support?.map(({ type }) => type)).toEqual([
      'ContractActivated',
      'ContractVersionPublished',
      'ContractVersionPublished',
    ]);
  });
});
