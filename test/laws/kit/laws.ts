import { conservation, disagreements, silences } from './accounted-for.js';
import { notAsApproved } from './approved.js';
import { wrongCredits } from './credit-notes.js';
import { ofSeveralGroups } from './by-group.js';
import { billedTwice, brokenSeries, changedDocuments } from './documents.js';
import { rowsThatDiffer } from './dump.js';
import type { Findings } from './findings.js';
import { givenBackTooMuch } from './given-back.js';
import { outOfSight } from './in-sight.js';
import type { Law } from './law.js';
import type { Twice } from './look.js';
import { wrongLinesOf } from './line-sums.js';
import { wrongPartsNamed } from './parts-named.js';
import { billedTooMuch, unbalancedContracts } from './over-all-periods.js';
import { withoutProvenance } from './provenance.js';
import { wrongSharedPrices } from './shared-prices.js';
import { wrongRecipients } from './recipients.js';
import { wrongFigures, wrongSums } from './sums.js';

function differences(compared: readonly Twice[]): Findings {
  return compared.flatMap(({ of, one, other }) => rowsThatDiffer(one, other).map((row) => `${of}: ${row}`));
}

/** The laws of the domain, each asked of the same look at a history. */
export const LAWS: readonly Law[] = [
  {
    number: 'L1',
    name: 'Conservation',
    check: (look) => [
      ...conservation(look.model, look.observed),
      ...unbalancedContracts(look),
      ...wrongSharedPrices(look),
    ],
  },
  {
    number: 'L2',
    name: 'No silence',
    check: (look) => [...silences(look.model, look.observed), ...wrongPartsNamed(look)],
  },
  {
    number: 'L3',
    name: 'Billed once',
    check: (look) => [
      ...billedTwice(look.invoices, look.events),
      ...billedTooMuch(look),
      ...ofSeveralGroups(look.invoices),
    ],
  },
  {
    number: 'L4',
    name: 'Issued is forever',
    check: ({ issuedBefore, issuedNow, invoices, events, isSettled }) => [
      ...changedDocuments(issuedBefore, issuedNow),
      ...(isSettled ? brokenSeries(invoices, events) : []),
      ...notAsApproved(events),
    ],
  },
  {
    number: 'L5',
    name: 'Sums',
    check: ({ invoices, creditNotes, observed, events }) => [
      ...invoices.flatMap(wrongSums),
      ...wrongLinesOf(invoices, events),
      ...wrongFigures(observed, invoices),
      ...wrongCredits(invoices, creditNotes),
      ...givenBackTooMuch(invoices, creditNotes),
      ...wrongRecipients(events),
    ],
  },
  { number: 'L6', name: 'Provenance', check: ({ invoices, events }) => withoutProvenance(invoices, events) },
  {
    number: 'L7',
    name: 'Derived equals recorded',
    check: ({ observed, isSettled }) => (isSettled ? disagreements(observed) : []),
  },
  { number: 'L8', name: 'Rebuild equals live', check: ({ rebuilt }) => differences(rebuilt) },
  { number: 'L9', name: 'Time travel', check: ({ travelled }) => differences(travelled) },
  {
    number: 'L11',
    name: 'In sight',
    check: ({ model, events, observed }) => outOfSight(model, events, observed),
  },
];

/** What a look breaks of all laws, each finding with the law's number. */
export function brokenLaws(look: Parameters<Law['check']>[0], laws: readonly Law[] = LAWS): Findings {
  return laws.flatMap((law) => law.check(look).map((finding) => `${law.number} ${law.name}: ${finding}`));
}
