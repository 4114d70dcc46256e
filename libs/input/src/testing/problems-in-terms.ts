import type { Currency, Problem } from '@billtrail/kernel';
import { contractTerms, problemsOfTerms } from '@billtrail/contracts';
import { filledTerms } from '@billtrail/contracts/testing';
import { problemsOfShape, soundPart } from '../check.js';

/** Every problem in a version's terms, of shape and of meaning, as the command that publishes them is refused. */
export function problemsInTerms(
  terms: unknown,
  clientCurrency: Currency | null,
  clientClasses: readonly string[] | null = null,
): readonly Problem[] {
  const sound = soundPart(contractTerms, terms);
  return [
    ...problemsOfShape(contractTerms, terms, 'terms'),
    ...(sound === undefined
      ? []
      : problemsOfTerms(filledTerms(sound, clientCurrency), { clientCurrency, clientClasses })),
  ];
}
