import { describe, expect, it } from '@jest/globals';
import { contractFacts } from '../../testing/facts.js';
import { contractWith, versionsFrom } from '../../testing/charges.js';
import type { ContractFacts } from '../facts.js';
import { type ChosenLink, contractChain, isSuspendedOn, versionOn } from './step-1-contract.js';

const named = (contractId: string, changes: Partial<ContractFacts> = {}): ContractFacts =>
  contractFacts({ contractId, ...changes });
const chainOf = (contracts: readonly ContractFacts[], explicit: string | null = null, day = '2026-03-10') =>
  contractChain(contracts, 'cli-1', explicit, day);
const toldChain = (chain: readonly ChosenLink[]) => chain.map((link) => ({ ...link, step: link.step() }));
const asked = (chain: readonly ChosenLink[]) => chain.map((link) => link.inForce?.contract.contractId ?? null);
const both = ['con-1 version 1 priority 10', 'con-2 version 1 priority 20'];

describe('the chain of contracts to ask', () => {
  it('begins with the one that the ticket names, which comes once, and says so', () => {
    const chain = chainOf([named('con-1'), named('con-2', { priority: 20 }), named('con-3', { priority: 5 })], 'con-2');
    expect(asked(chain)).toEqual(['con-2', 'con-3', 'con-1']);
    expect(chain[0]?.step().text).toBe(
      'contract Support (con-2), version 1 in force on 2026-03-10: named on the ticket',
    );
  });

  it('asks for the work date alone where no moment is known', () => {
    const changing = contractWith({}, versionsFrom(['2026-01-01', {}], ['2026-03-10', {}]));
    expect(chainOf([changing], null, '2026-03-09')[0]?.inForce?.version.versionNumber).toBe(1);
    expect(chainOf([changing], null, '2026-03-10')[0]?.inForce?.version.versionNumber).toBe(2);
  });

  it('ends without a price where two match equally, and names both', () => {
    expect(toldChain(chainOf([named('con-2'), named('con-1')]))).toEqual([
      {
        inForce: null,
        reason: 'contracts-match-equally',
        step: {
          step: 'contract',
          text: 'contracts con-1 version 1 and con-2 version 1 are in force on 2026-03-10 with one priority, 10: name one on the ticket',
          facts: {
            workDate: '2026-03-10',
            inForce: ['con-1 version 1 priority 10', 'con-2 version 1 priority 10'],
            equal: ['con-1 version 1', 'con-2 version 1'],
            unpriced: 'contracts-match-equally',
          },
        },
      },
    ]);
  });

  it('tells a contract that is not in force from one of another client', () => {
    const over = named('con-9', { lastDay: '2026-02-28' });
    const foreign = named('con-8', { clientId: 'cli-2' });
    const others = [named('con-1'), named('con-2', { priority: 20 })];
    expect(toldChain(chainOf([...others, over, foreign], 'con-9'))).toEqual([
      {
        inForce: null,
        reason: 'contract-not-in-force',
        step: {
          step: 'contract',
          text: 'contract con-9, named on the ticket, is not in force on 2026-03-10',
          facts: { workDate: '2026-03-10', inForce: both, contractId: 'con-9', unpriced: 'contract-not-in-force' },
        },
      },
    ]);
    expect(toldChain(chainOf([...others, over, foreign], 'con-8'))).toEqual([
      {
        inForce: null,
        reason: 'contract-of-another-client',
        step: {
          step: 'contract',
          text: 'contract con-8, named on the ticket, is not one of client cli-1',
          facts: { workDate: '2026-03-10', inForce: both, contractId: 'con-8', unpriced: 'contract-of-another-client' },
        },
      },
    ]);
  });

  it('says that there is none', () => {
    expect(toldChain(chainOf([]))).toEqual([
      {
        inForce: null,
        reason: 'no-contract',
        step: {
          step: 'contract',
          text: 'no contract of the client is in force on 2026-03-10',
          facts: { workDate: '2026-03-10', inForce: [], unpriced: 'no-contract' },
        },
      },
    ]);
  });
});

describe('the version of a contract on a day', () => {
  it('is the one published last, in whatever order the versions are told', () => {
    const [first, second] = versionsFrom(['2026-01-01', {}], ['2026-01-01', {}]).versions;
    if (first === undefined || second === undefined) throw new Error('two versions');
    expect(versionOn(contractFacts({ versions: [second, first] }), '2026-03-10')).toBe(second);
    expect(versionOn(contractFacts({ versions: [first, second] }), '2026-03-10')).toBe(second);
  });

  it('is followed by the next on its very first day, which may end before it', () => {
    const [open, short] = versionsFrom(['2026-01-01', {}], ['2026-03-10', {}]).versions;
    if (open === undefined || short === undefined) throw new Error('two versions');
    const contract = contractFacts({ versions: [open, { ...short, effectiveTo: '2026-03-09' }] });
    expect(versionOn(contract, '2026-03-09')).toBe(open);
    expect(versionOn(contract, '2026-03-10')).toBeNull();
  });
});

describe('a suspension', () => {
  const resting = (resumedOn: string | null) => contractFacts({ suspensions: [{ from: '2026-03-05', resumedOn }] });

  it.each([
    ['2026-03-04', '2026-03-10', false],
    ['2026-03-05', '2026-03-10', true],
    ['2026-03-09', '2026-03-10', true],
    ['2026-03-10', '2026-03-10', false],
    ['2026-03-04', null, false],
    ['2026-03-05', null, true],
    ['2030-01-01', null, true],
  ])('on %s, resumed on %s: %s', (day, resumedOn, expected) => {
    expect(isSuspendedOn(resting(resumedOn), day)).toBe(expected);
  });
});
