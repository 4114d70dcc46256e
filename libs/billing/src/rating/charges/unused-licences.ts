import { type LocalDate, Money, type MoneyJson } from '@billtrail/kernel';
import type { ContractFacts } from '../facts.js';
import { chargedDays } from './charged-days.js';
import { byCount, unusedOn } from './counts.js';
import { cycleOn } from './cycles.js';
import { sumOfUnits, unitsAtPrices } from './units.js';

/** Licences of a charge that are committed to and that nobody uses. */
export interface UnusedLicences {
  readonly contractId: string;
  readonly clientId: string;
  /** Id of the term, its name, and what is counted. */
  readonly chargeId: string;
  readonly name: string;
  readonly countOf: string;
  readonly charged: number;
  readonly used: number;
  readonly unused: number;
  /** From when on so few are used, and until when all are charged for. */
  readonly from: LocalDate;
  readonly until: LocalDate;
  /** What those that are unused cost in a whole cycle of so many months, before discounts. */
  readonly net: MoneyJson;
  readonly everyMonths: number;
}

/** Those of a contract on a day. */
export function unusedLicencesOn(contract: ContractFacts, day: LocalDate): readonly UnusedLicences[] {
  const termIds = contract.versions.flatMap(({ terms }) =>
    (terms.recurringCharges ?? []).flatMap(({ id, commitment }) => (commitment?.increaseOnly === true ? [id] : [])),
  );
  return [...new Set(termIds)].flatMap((termId) =>
    chargedDays(contract, termId, day, day).flatMap((days) => {
      const charge = days.version.terms.recurringCharges?.find(({ id }) => id === termId);
      if (charge?.commitment?.increaseOnly !== true) return [];
      const [stretch] = byCount(contract, charge, days, cycleOn(contract, days.version, charge, day));
      const count = stretch?.count ?? null;
      const found = unusedOn(contract, charge, count, day);
      if (found === null || count === null) return [];
      const { contractId, clientId } = contract;
      const { unused, recorded: used, from } = found;
      return [
        {
          contractId,
          clientId,
          chargeId: termId,
          name: charge.name,
          countOf: charge.countOf ?? 'unit',
          charged: count,
          used,
          unused,
          from,
          until: charge.commitment.until,
          net: Money.of(sumOfUnits(unitsAtPrices(charge, unused, used)), days.version.terms.rateCard.currency)
            .rounded()
            .toJSON(),
          everyMonths: charge.everyMonths ?? 1,
        },
      ];
    }),
  );
}
