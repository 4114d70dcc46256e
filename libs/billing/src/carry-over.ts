import { periodsRolledOver } from '@billtrail/contracts';
import type { ContractFacts } from './rating/facts.js';
import type { CarriedOver } from './rating/prepaid/prepaid-facts.js';
import { prepaidKey } from './rating/prepaid/prepaid-amount.js';

/** True where two carry-overs are the same, so that the period which is rated with one need not be rated with the other. The order of balances and caps is no difference. */
export function isSameCarryOver(one: CarriedOver | null, other: CarriedOver | null): boolean {
  return one === null || other === null ? one === other : canonical(one) === canonical(other);
}

function canonical({ balances, caps }: CarriedOver): string {
  const left = balances.map(({ source, left: rest }) => [
    prepaidKey(source),
    rest.unit === 'minutes' ? rest.minutes : [rest.money.amount, rest.money.currency],
  ]);
  const used = caps.map(({ contractId, capId, ticketId, billed }) => [
    JSON.stringify([contractId, capId, ticketId]),
    billed.amount,
    billed.currency,
  ]);
  const inOrder = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
  return JSON.stringify([left.sort(inOrder), used.sort(inOrder)]);
}

/** True where a period may carry something over to the next: blocks, allotments that roll over, caps on tickets. Else each is rated by itself. */
export function mayCarryOver(contracts: readonly ContractFacts[]): boolean {
  return contracts.some(
    ({ blocks = [], versions }) =>
      blocks.length > 0 ||
      versions.some(({ terms: { prepaid, caps = [] } }) => {
        const rollsOver = prepaid?.allotment !== undefined && periodsRolledOver(prepaid.allotment) > 0;
        return rollsOver || caps.some(({ scope }) => scope === 'ticket');
      }),
  );
}
