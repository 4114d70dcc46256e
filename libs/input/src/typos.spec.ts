import { describe, expect, it } from '@jest/globals';
import { warningsOfTerms, type ContractTerms } from '@billtrail/contracts';
import { contractOf, rule, termsOf, version } from '@billtrail/contracts/testing';
import { checkContractFile } from './contract-files.js';
import { problemsInTerms } from './testing/problems-in-terms.js';

const TERMS = termsOf(rule('network', 'billable', { categories: ['Network'] }), rule('rest', 'billable'));
const problems = (changes: object): readonly string[] =>
  problemsInTerms({ ...TERMS, ...changes }, 'AUD').map(({ path, problem }) => `${path} ${problem}`);
const cap = (changes: object) => ({
  caps: [{ id: 'c', name: 'Cap', scope: 'ticket', amount: '100.00', above: 'gap', ...changes }],
});
const card = (changes: object) => ({ rateCard: { ...TERMS.rateCard, ...changes } });
const fileOf = (changes: object, known: object = {}) => ({
  ...known,
  clients: [
    {
      clientId: 'acme',
      currency: 'AUD',
      contracts: [
        { contractId: 'k', name: 'K', priority: 1, effectiveFrom: '2026-01-01', terms: { ...TERMS, ...changes } },
      ],
    },
  ],
});
const findings = (changes: Partial<ContractTerms>, known: object = {}): readonly string[] =>
  checkContractFile(fileOf(changes, known)).analyses.flatMap(({ analysis }) =>
    analysis.findings.map(({ text }) => text),
  );

describe('typos that the check can know (K8)', () => {
  it('a priority is one of four, in rules, caps and discounts', () => {
    const one = 'must be one of: critical, high, moderate, low';
    expect(problems(cap({ match: { priorities: ['P1'] } }))).toEqual([`terms.caps[0].match.priorities[0] ${one}`]);
    expect(problems({ coverage: [{ ...TERMS.coverage[1], match: { priorities: ['High', 'low'] } }] })).toEqual([
      `terms.coverage[0].match.priorities[0] ${one}`,
    ]);
  });

  it('an amount is whole minor units of its currency; the price of an hour or of a device may be finer', () => {
    const whole = 'must be whole minor units: AUD has 2 decimals';
    const fee = { id: 'f', name: 'Fee', billed: 'in-advance', taxCategory: 'GST', price: '10.005' };
    expect(problems(cap({ amount: '10.005' }))).toEqual([`terms.caps[0].amount ${whole}`]);
    expect(problems({ recurringCharges: [{ ...fee, basis: 'fixed' }] })).toEqual([
      `terms.recurringCharges[0].price ${whole}`,
    ]);
    expect(problems({ recurringCharges: [{ ...fee, basis: 'per-user', countOf: 'user' }] })).toEqual([]);
    const minimum = { id: 'm', name: 'M', amountPerPeriod: '0.001', countsRecurring: true, taxCategory: 'GST' };
    expect(problems({ minimumCommitment: minimum })).toEqual([`terms.minimumCommitment.amountPerPeriod ${whole}`]);
    const flat = { workType: 'remote', mode: 'flat', price: '99.999', per: 'entry' };
    expect(problems(card({ workTypes: [flat] }))).toEqual([`terms.rateCard.workTypes[0].price ${whole}`]);
    expect(problems(card({ labour: [{ workType: null, engineerRole: null, pricePerHour: '99.999' }] }))).toEqual([]);
    const off = { id: 'd', name: 'D', kind: 'amount', amount: '5.500', order: 'after-minimum' };
    expect(problems({ discounts: [off] })).toEqual([]);
  });

  it('a priority of service levels is one that a ticket can have, in targets and in credits', () => {
    const target = { response: null, resolution: { minutes: 60, clock: 'elapsed' } };
    const hours = [{ opens: '09:00', closes: '17:00' }];
    const policy = {
      id: 'gold',
      name: 'Gold',
      calendar: { timeZone: 'Australia/Sydney', openingHours: { monday: hours }, holidays: [] },
      targets: { P1: target, critical: target },
      pausesOnThirdParty: false,
      warnAtPercent: [],
    };
    const credit = { id: 'late', name: 'Late', target: 'resolution', priorities: ['Critical'], taxCategory: 'GST' };
    const credits = [{ ...credit, credit: { kind: 'amount', amount: '10.00' } }];
    const levels = { policy, credits, maximumCreditPerPeriod: '50.00' };
    expect(problems({ serviceLevels: levels })).toEqual([
      'terms.serviceLevels.policy.targets.P1 is unknown; allowed here: critical, high, moderate, low',
      'terms.serviceLevels.credits[0].priorities[0] must be one of: critical, high, moderate, low',
    ]);
    expect(problems({ serviceLevels: { ...levels, credits: [], policy: { ...policy, targets: undefined } } })).toEqual([
      'terms.serviceLevels.policy.targets is required',
    ]);
    const calendar = { openingHours: { monday: [{ opens: '09:00' }] }, holidays: [] };
    expect(
      problems({
        serviceLevels: { ...levels, credits: [], policy: { ...policy, targets: { critical: target }, calendar } },
      }),
    ).toEqual([
      'terms.serviceLevels.policy.calendar.timeZone is required',
      'terms.serviceLevels.policy.calendar.openingHours.monday[0].closes is required',
    ]);
  });

  it('a count that no charge is counted by is told, with the one that is meant', () => {
    const fee = { name: 'Seats', basis: 'per-user', countOf: 'workstation', price: '10.00' };
    const file = fileOf({ recurringCharges: [fee], taxCategory: 'GST' });
    const [client] = file.clients;
    const counts = [{ countOf: 'workstaton', count: 3, from: '2026-01-01' }];
    const counted = { ...file, clients: [{ ...client, contracts: [{ ...client?.contracts[0], counts }] }] };
    expect(checkContractFile(counted).analyses[0]?.analysis.findings.map(({ text }) => text)).toEqual([
      'no charge of contract k uses the count of workstaton (did you mean workstation?); its charges use workstation',
    ]);
  });

  it('a currency that is none is told at the client alone, and not at the cards that would have it', () => {
    const file = fileOf({ rateCard: { labour: [{ pricePerHour: '150.00' }] }, taxCategory: 'GST' });
    const clients = file.clients.map((client) => ({ ...client, currency: 'AUd' }));
    expect(checkContractFile({ ...file, clients }).problems.map(({ path }) => path)).toEqual(['clients[0].currency']);
  });

  it.each([
    [
      { recurringCharges: [{ name: 'Fee', price: '100.00', per: 'year' }] },
      'terms.recurringCharges[0].per is unknown: write everyMonths: 1, 3, 6 or 12, which is a year; a month where it is left out',
    ],
    [
      card({ labour: [{ pricePerHour: '1', per: 'day' }] }),
      'terms.rateCard.labour[0].per is unknown: write priceMinutes, the minutes that pricePerHour is really of: 450 for a day of 7.5 hours',
    ],
  ])('a member that people look for under another name is told with what to write: %j', (changes, expected) =>
    expect(problems({ taxCategory: 'GST', ...changes })).toEqual([expected]),
  );

  it('what a file does not state is told with where it is stated', () => {
    const file = fileOf({});
    const clients = file.clients.map((client) => ({ ...client, name: 'Acme', sites: [], billTo: 'x' }));
    expect(checkContractFile({ ...file, clients }).problems.map(({ problem }) => problem)).toEqual([
      'is unknown: the client states it: POST /v1/clients, or POST /v1/clients/{clientId}/details',
      'is unknown: they are registered one by one: POST /v1/clients/{clientId}/sites',
      'is unknown: who pays is stated by terms.billTo of a contract, by a site, or by the client: POST /v1/clients/{clientId}/details',
    ]);
  });

  it('what is left out is filled, or told apart from what is wrong', () => {
    const labour = (workType: object) => card({ labour: [{ ...workType, pricePerHour: '1' }] });
    expect(problems(labour({}))).toEqual([]);
    expect(problems(labour({ workType: ' ' }))).toEqual([
      'terms.rateCard.labour[0].workType must be a text of 1 to 200 characters, not blank, or null',
    ]);
    expect(problems({ rateCard: {} })).toEqual(
      ['time', 'material', 'expense'].map(
        (kind) => `terms.rateCard.taxCategories.${kind} is required, or terms.taxCategory for all that state none`,
      ),
    );
    expect(problems({ rateCard: {}, taxCategory: 'GST' })).toEqual([]);
  });

  it('a rate class that its own calendar does not have is a warning, and a problem where the calendars of the client are known', () => {
    const night = { rateClassMultipliers: [{ rateClass: 'nihgt', multiplier: '2' }] };
    expect(problems(card(night))).toEqual([]);
    expect(findings(card(night) as Partial<ContractTerms>)).toEqual([
      'the terms of contract k version 1 name rate classes that their own calendar does not: nihgt; a calendar of the client, of its sites or of the organisation must name them; what those have was not asked',
    ]);
    const check = (rateClasses: readonly string[]) =>
      checkContractFile(fileOf(card(night)), () => ({ rateClasses })).problems.map(({ problem }) => problem);
    expect(check(['night'])).toEqual([
      'nihgt is no rate class of this contract, of its client and its sites, or of the organisation; known: business, after-hours, weekend, holiday, night',
    ]);
    expect(check(['nihgt'])).toEqual([]);
  });

  it('names that nobody listed are told as not checked, and those of an organisation that was asked are', () => {
    const sites = { coverage: [rule('depot', 'billable', { sites: ['depot'] }), rule('rest', 'billable')] };
    const [alone] = checkContractFile(fileOf(sites)).analyses;
    expect(alone?.notChecked).toEqual([
      { part: 'taxCategories', names: ['GST'] },
      { part: 'sites', names: ['depot'] },
    ]);
    const known = { taxCategories: ['GST'], sites: ['depto'], rateClasses: [], seenCategories: [] };
    const [asked] = checkContractFile(fileOf(sites), () => known).analyses;
    expect(asked?.notChecked).toEqual([]);
    expect(asked?.analysis.findings.map(({ text }) => text)).toEqual([
      'the terms of contract k version 1 use names unknown to the organisation: depot (did you mean depto?)',
    ]);
  });

  it('a cap that names nearly what a rule names is warned of', () => {
    expect(findings(cap({ match: { categories: ['Netwrok'] } }) as Partial<ContractTerms>)).toEqual([
      'the terms of contract k version 1 name what nothing else in them does: c names Netwrok (did you mean Network?)',
    ]);
    expect(findings(cap({ match: { categories: ['Network', 'Backup'] } }) as Partial<ContractTerms>)).toEqual([]);
  });

  it('a tax category, a category or a ticket type that the organisation does not have is warned of', () => {
    const taxCategories = { time: 'GST', material: 'GTS', expense: 'GST' };
    expect(findings(card({ taxCategories }) as Partial<ContractTerms>)).toEqual([
      'the terms of contract k version 1 name what nothing else in them does: tax category GTS (did you mean GST?)',
    ]);
    expect(findings({}, { taxCategories: ['VAT'], categories: ['Network'] })).toEqual([
      'the terms of contract k version 1 use names unknown to the organisation: GST',
    ]);
    const contract = contractOf('k', 1, version(1, '2026-01-01', null, TERMS));
    const warnings = warningsOfTerms(contract, [], { taxCategories: ['VAT'], seenCategories: ['Netwrok'] });
    expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'NameUnknown: The terms of contract k version 1 use names unknown to the organisation: GST.',
      'NameUnknown: No ticket has the category Network (did you mean Netwrok?), which the terms name of contract k version 1.',
    ]);
  });
});
