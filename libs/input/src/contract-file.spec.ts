import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { coverageTable, unpricedWork } from '@billtrail/contracts';
import { checkContractFile, readContracts } from './contract-files.js';

const manual = readFileSync(new URL('../../../docs/contracts.md', import.meta.url), 'utf8');
const examples = [...manual.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml], index) => ({
  number: index + 1,
  yaml: yaml ?? '',
}));

const terms = {
  coverage: [{ id: 'all', name: 'All', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'card',
    name: 'Card',
    currency: 'AUD',
    labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }],
    minimumMinutes: 0,
    incrementMinutes: 1,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '0' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};
const contract = (changes: object = {}) => ({
  contractId: 'con-1',
  name: 'Support',
  priority: 10,
  effectiveFrom: '2026-01-01',
  terms,
  ...changes,
});
const file = (...contracts: object[]) => ({
  workTypes: ['remote'],
  clients: [{ clientId: 'cli-1', currency: 'AUD', contracts }],
});
const paths = (document: unknown) => readContracts(document).problems.map((one) => one.path);

describe('the examples of the manual', () => {
  it('are as many as kinds of contract are shown', () => expect(examples).toHaveLength(7));
  it.each(examples)('example $number is sound, and none of its work lacks a price but on days of rest', ({ yaml }) => {
    const check = checkContractFile(parse(yaml));
    expect(check.problems).toEqual([]);
    const findings = check.analyses.flatMap(({ analysis }) => analysis.findings.map(({ kind }) => kind));
    expect(findings).toEqual(yaml.includes('renewal:') ? ['contract-renews'] : []);
    expect(check.isSound).toBe(true);
    const unpriced = check.analyses.flatMap(({ analysis }) => unpricedWork(analysis));
    // One example rests for ten days, and no other contract stands behind it.
    const rest = ['time', 'material', 'expense'].map((kind) => `${kind} 2026-08-10 2026-08-19 no-contract`);
    expect(unpriced.map(({ from, to, row, outcome }) => `${row.kind} ${from} ${to} ${outcome.reason}`)).toEqual(
      yaml.includes('suspensions:') ? rest : [],
    );
  });
});

describe('lists of the names of an organisation', () => {
  it('are checked against as far as they could be read', () => {
    const labour = [{ workType: 'remotely', engineerRole: null, pricePerHour: '100.00' }];
    const named = contract({ terms: { ...terms, rateCard: { ...terms.rateCard, labour } } });
    const check = checkContractFile({ ...file(named), workTypes: ['remote', ''] });
    expect(check.problems.map(({ path }) => path)).toEqual(['workTypes[1]']);
    const texts = check.analyses.flatMap(({ analysis }) => analysis.findings.map(({ text }) => text));
    expect(texts).toEqual([expect.stringContaining('remotely (did you mean remote?)')]);
  });
});

describe('the end of a term in a file (K21)', () => {
  const fee = { id: 'f', name: 'Fee', basis: 'fixed', price: '100.00', billed: 'in-advance', taxCategory: 'GST' };
  const found = (changes: object, more: object = {}) =>
    checkContractFile(
      file(contract({ effectiveTo: '2026-12-31', terms: { ...terms, recurringCharges: [fee], ...more }, ...changes })),
    ).analyses.flatMap(({ analysis }) => analysis.findings.map(({ kind, text }) => `${kind}: ${text}`));
  it('is told: what renews by itself and until when notice prevents it, and what ends', () => {
    const renewal = { automatic: true, months: 12, noticeDays: 30 };
    expect(found({}, { renewal })).toEqual([
      expect.stringMatching(/^contract-renews: .* on 2026-12-31, until 2027-12-31, unless notice .* by 2026-12-01$/),
    ]);
    expect(found({})).toEqual([expect.stringMatching(/^contract-ends: .* ends on 2026-12-31, and nothing follows it/)]);
  });
  it('is not told where somebody decided it: by a termination, or notice in time', () => {
    const renewal = { automatic: true, months: 12, noticeDays: 30 };
    expect(found({ termination: { lastDay: '2026-12-31', reason: 'moved' } })).toEqual([]);
    const notice = { notice: { givenOn: '2026-11-30', reason: 'moves' } };
    expect(found(notice, { renewal })).toEqual([]);
    expect(
      checkContractFile(file(contract({ effectiveTo: '2026-12-31', ...notice, terms: { ...terms, renewal } }))),
    ).toMatchObject({ isSound: true, problems: [] });
  });
  it('has a notice that is checked like one that is sent', () => {
    const check = checkContractFile(file(contract({ notice: { givenOn: 'soon', reason: 'moves' } })));
    expect(check.problems.map(({ path }) => path.replace(/^.*\./, ''))).toEqual(['givenOn']);
  });
});

describe('a contract file', () => {
  it('becomes commands in the order in which they must be sent', () => {
    const read = readContracts(
      file(
        contract({
          laterVersions: [{ effectiveFrom: '2026-07-01', terms }],
          blocks: [{ blockId: 'b-1', amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-01-01' }],
          counts: [{ countOf: 'pc', count: 3, from: '2026-01-01' }],
          suspensions: [{ from: '2026-02-01', resumedOn: '2026-02-05', reason: 'flood' }],
          termination: { lastDay: '2026-12-31', reason: 'moved' },
        }),
      ),
    );
    expect(read.problems).toEqual([]);
    expect(read.commands.map((command) => command.type)).toEqual([
      'ActivateContract',
      'PublishContractVersion',
      'TerminateContract',
      'PurchasePrepaidBlock',
      'RecordCount',
      'SuspendContract',
      'ResumeContract',
    ]);
    expect(read.commands[0]).toMatchObject({ clientId: 'cli-1', clientCurrency: 'AUD', effectiveTo: null });
    expect(read.clients[0]?.contracts[0]).toMatchObject({ lastDay: '2026-12-31', versions: [{}, {}], blocks: [{}] });
  });

  it('tells every problem at once, with its path, and takes nothing of the contract', () => {
    const read = readContracts(
      file(
        contract({
          priority: -1,
          terms: { ...terms, coverage: [] },
          laterVersions: [{ effectiveFrom: '2026-13-01', terms: { ...terms, rateCard: null } }],
          blocks: [{ blockId: 'b-1', amount: { unit: 'minutes', minutes: 0 }, purchasedOn: '2026-01-01' }],
          counts: [{ countOf: 'pc', count: -3, from: '2026-01-01' }],
          extra: true,
        }),
        contract({ contractId: 'con-2' }),
      ),
    );
    expect(read.problems.map((one) => one.path.replace('clients[0].contracts[0].', ''))).toEqual([
      'extra',
      'priority',
      'terms.coverage',
      'laterVersions[0].effectiveFrom',
      'laterVersions[0].terms.rateCard',
      'blocks[0].amount.minutes',
      'counts[0].count',
    ]);
    expect(read.commands.map((command) => 'contractId' in command && command.contractId)).toEqual(['con-2']);
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', null, ['file']],
    ['no clients', {}, ['clients']],
    [
      'a client without anything',
      { clients: [{}] },
      ['clients[0].clientId', 'clients[0].currency', 'clients[0].contracts'],
    ],
    ['an id twice', file(contract(), contract({ priority: 5 })), ['clients[0].contracts[1].contractId']],
    [
      "a card in another currency than the client's",
      { clients: [{ clientId: 'cli-1', currency: 'NZD', contracts: [contract()] }] },
      ['clients[0].contracts[0].terms.rateCard.currency'],
    ],
    [
      'a hole',
      file(contract({ effectiveTo: '2026-01-31', laterVersions: [{ effectiveFrom: '2026-03-01', terms }] })),
      ['clients[0].contracts[0].laterVersions[0]'],
    ],
    [
      'a block after the end',
      file(
        contract({
          termination: { lastDay: '2026-06-30', reason: 'moved' },
          blocks: [{ blockId: 'b-1', amount: { unit: 'minutes', minutes: 60 }, purchasedOn: '2026-07-01' }],
        }),
      ),
      ['clients[0].contracts[0].blocks[0]'],
    ],
    ['work types that are no list', { ...file(contract()), workTypes: 'remote' }, ['workTypes']],
  ])('is refused with %s', (_case, document, expected) => expect(paths(document)).toEqual(expected));

  it('is unsound if versions overlap, or contracts at the same priority, and says on which days', () => {
    const overlap = checkContractFile(
      file(contract({ effectiveTo: '2026-12-31', laterVersions: [{ effectiveFrom: '2026-07-01', terms }] })),
    );
    expect(overlap.problems).toEqual([]);
    expect(overlap.isSound).toBe(false);
    expect(overlap.analyses[0]?.analysis.findings).toMatchObject([
      { kind: 'versions-overlap', versionNumbers: [1, 2], days: { from: '2026-07-01', to: '2026-12-31' } },
    ]);
    const equal = checkContractFile(
      file(contract(), contract({ contractId: 'con-2', effectiveFrom: '2026-02-01', effectiveTo: '2026-02-28' })),
    );
    expect(equal.isSound).toBe(false);
    expect(equal.analyses[0]?.analysis.findings).toMatchObject([
      { kind: 'contracts-match-equally', days: { from: '2026-02-01', to: '2026-02-28' } },
    ]);
  });

  it('says which work would be unpriced, and is sound all the same', () => {
    const onlyOnsite = { ...terms.rateCard, labour: [{ workType: 'onsite', engineerRole: null, pricePerHour: '1' }] };
    const check = checkContractFile(file(contract({ terms: { ...terms, rateCard: onlyOnsite } })));
    expect(check.isSound).toBe(true);
    const unpriced = check.analyses.flatMap(({ analysis }) => unpricedWork(analysis));
    expect(unpriced).toMatchObject([{ row: { workType: { name: 'remote' } }, outcome: { reason: 'no-rate' } }]);
    const [analysed] = check.analyses;
    expect(analysed && coverageTable(analysed.analysis).rows.filter((row) => row[3] === 'remote')).toEqual([
      ['2026-01-01', '', 'time', 'remote', '(any)', '(any)', '(all)', 'con-1 v1', 'all', 'unpriced: no-rate', ''],
    ]);
  });
});
