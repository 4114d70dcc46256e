import { addDays, at } from '@billtrail/kernel';
import type { Findings } from './findings.js';
import { fraction, minorOf, minorUnits, sumOf } from './integers.js';
import type { Look } from './look.js';
import { type ModelContract, versionOn } from './model-contracts.js';

/** Something that a contract charges once: the day on which it is due, and minor units. */
interface Once {
  readonly day: string;
  readonly amount: bigint;
}

/** Each one-time fee on the first day of the calendar that has it, looked for day by day. */
function oneTimeFees(contract: ModelContract, horizon: string): ReadonlyMap<string, Once> {
  const due = new Map<string, Once>();
  const starts = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort();
  if (starts.length === 0) return due;
  for (let day = at(starts, 0, 'the first day'); day <= `${horizon}-31`; day = addDays(day, 1))
    for (const { rateCard, oneTimeFees: fees = [] } of [versionOn(contract, day)?.terms].flatMap((one) => one ?? []))
      for (const { name, amount, on = day } of fees)
        if (on <= day && !due.has(name)) due.set(name, { day, amount: minorUnitsOf(amount, rateCard.currency) });
  return due;
}

/** Each milestone that is reached at the terms of its day, looked for day by day back from it; a suspension changes nothing of them. */
function milestones(contract: ModelContract): ReadonlyMap<string, Once> {
  const due = new Map<string, Once>();
  const first = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0] ?? '9999';
  for (const [id, reachedOn] of contract.reached) {
    let day = reachedOn;
    const terms = () => versionOn({ ...contract, suspensions: [] }, day)?.terms;
    while (terms() === undefined && day > first) day = addDays(day, -1);
    const found = terms();
    const milestone = found?.milestones?.find((one) => one.id === id);
    if (found === undefined || milestone === undefined) continue;
    due.set(milestone.name, { day: reachedOn, amount: minorUnitsOf(milestone.amount, found.rateCard.currency) });
  }
  return due;
}

function minorUnitsOf(amount: string, currency: string): bigint {
  const { over, under } = fraction(amount);
  return (over * minorUnits(currency)) / under;
}

/** What a contract charges once comes to its amount over all accounts, whatever was invoiced before; what a credit note forwent is charged and given back. */
export function unbalancedOnce(contract: ModelContract, { model, observed }: Look): Findings {
  if (!contract.versions.some(({ terms }) => terms.oneTimeFees !== undefined)) return [];
  const fees = new Map([...oneTimeFees(contract, model.horizon), ...milestones(contract)]);
  const charges = observed.charges.filter(
    ({ contractId, kind }) => contractId === contract.contractId && (kind === 'one-time' || kind === 'milestone'),
  );
  const names = new Set([...fees.keys(), ...charges.map(({ description }) => description)]);
  return [...names].flatMap((name) => {
    const own = charges.filter(({ description }) => description === name);
    const due = fees.get(name)?.amount ?? 0n;
    const charged = sumOf(own.map(({ net }) => minorOf(net)));
    const forgone = sumOf(own.map(({ credited }) => (credited === undefined ? 0n : minorOf(credited))));
    if (charged >= due && charged <= due + forgone) return [];
    return [`${contract.clientId}, ${name}: ${due} once, and ${charged} minor units are charged over all accounts`];
  });
}
