import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type LocalDate } from '@billtrail/kernel';
import { isSuspendedOn, versionOn } from '../coverage/step-1-contract.js';
import type { ContractFacts } from '../facts.js';
import { contractFacts } from '../../testing/facts.js';
import { coveredDays } from './covered-days.js';

const { versions: VERSIONS } = contractFacts();
const [BASE] = VERSIONS;

function version(versionNumber: number, effectiveFrom: LocalDate, effectiveTo: LocalDate | null) {
  if (BASE === undefined) throw new Error('a contract without a version');
  return { ...BASE, versionNumber, effectiveFrom, effectiveTo };
}

/** `from to vN` of each run. */
function runsOf(contract: ContractFacts, from: LocalDate, to: LocalDate): readonly string[] {
  return coveredDays(contract, from, to).map((run) => `${run.from} ${run.to} v${run.version.versionNumber}`);
}

it('are cut where the version changes, ends and where the contract rests', () => {
  const contract = contractFacts({
    versions: [version(1, '2026-03-05', null), version(2, '2026-03-10', '2026-03-20')],
    suspensions: [{ from: '2026-03-12', resumedOn: '2026-03-14' }],
    lastDay: '2026-03-31',
  });
  // From 21 March on neither holds: version 2 has ended, and version 1 ended when version 2 began.
  expect(runsOf(contract, '2026-03-01', '2026-04-30')).toEqual([
    '2026-03-05 2026-03-09 v1',
    '2026-03-10 2026-03-11 v2',
    '2026-03-14 2026-03-20 v2',
  ]);
  expect(runsOf(contract, '2026-03-14', '2026-03-14')).toEqual(['2026-03-14 2026-03-14 v2']);
  expect(runsOf(contract, '2026-03-15', '2026-03-14')).toEqual([]);
});

it('are one run where an edge changes nothing', () => {
  const contract = contractFacts({
    versions: [version(1, '2026-03-01', '2026-03-10'), version(2, '2026-01-01', '2026-03-31')],
    suspensions: [{ from: '2026-02-20', resumedOn: null }],
    lastDay: '2026-03-05',
  });
  // Version 2 was published last and wins on its days, whatever version 1 does.
  expect(runsOf({ ...contract, suspensions: [] }, '2026-02-27', '2026-04-02')).toEqual(['2026-02-27 2026-03-05 v2']);
  expect(runsOf(contract, '2026-02-01', '2026-04-02')).toEqual(['2026-02-01 2026-02-19 v2']);
});

it('are, day by day, those on which a version is in force and the contract does not rest', () => {
  const day = fc.integer({ min: 0, max: 40 }).map((days) => addDays('2026-02-20', days));
  const end = fc.option(day);
  const any = fc.record({
    lastDay: end,
    versions: fc
      .array(fc.tuple(day, end), { minLength: 1, maxLength: 4 })
      .map((all) => all.map(([from, to], index) => version(index + 1, from, to))),
    suspensions: fc.array(
      fc.tuple(day, end).map(([from, resumedOn]) => ({ from, resumedOn })),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(any, day, day, (changes, from, to) => {
      const contract = contractFacts(changes);
      const covered = new Map<LocalDate, number>();
      for (const run of coveredDays(contract, from, to))
        for (let one = run.from; one <= run.to; one = addDays(one, 1)) covered.set(one, run.version.versionNumber);
      const expected = new Map<LocalDate, number>();
      for (let one = from; one <= to; one = addDays(one, 1)) {
        const inForce = isSuspendedOn(contract, one) ? null : versionOn(contract, one);
        if (inForce !== null) expected.set(one, inForce.versionNumber);
      }
      expect([...covered]).toEqual([...expected]);
    }),
    { numRuns: 500 },
  );
});
