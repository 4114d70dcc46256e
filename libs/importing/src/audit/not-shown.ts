import { hasMeasures, type LeakageAuditMapping } from '../mapping/leakage-audit-mapping.js';
import type { LeakageAudit } from './leakage-audit.js';

/** What the exports at hand cannot show, in sentences. Nothing here is a gap: a gap needs evidence. */
export function whatIsNotShown(
  audit: Omit<LeakageAudit, 'cannotShow'>,
  mapping: LeakageAuditMapping,
  roundedHours: number,
): readonly string[] {
  const { inputs, totals } = audit;
  const said: string[] = [];
  const say = (when: boolean, sentence: string): void => {
    if (when) said.push(sentence);
  };
  const notShown = totals.outcomes['not-shown'];
  say(
    notShown > 0,
    `${notShown} of ${totals.resolved} resolved tickets are not shown by the export: they are neither called billed nor given a value.`,
  );
  say(
    totals.notResolved > 0,
    `${totals.notResolved} of ${totals.tickets} tickets are in a state that the mapping does not call resolved: ${statesText(audit)}. They are in no other figure; a state that does mean resolved belongs in \`tickets.resolved\`.`,
  );
  say(
    inputs.work === null,
    'No work export: work that nobody recorded cannot be told from work that is recorded elsewhere, so no ticket is called work-not-recorded, and unbilled or unpriced work cannot be found.',
  );
  say(
    inputs.invoices === null,
    'No invoice export: nothing can be called billed, and what is on no invoice cannot be found.',
  );
  say(
    inputs.work === null && inputs.invoices !== null,
    'A ticket with an invoice line is called billed; whether the line bills all of its work is not shown.',
  );
  if (inputs.work !== null) sayAboutWork(say, mapping);
  if (inputs.invoices !== null && mapping.invoices !== null) {
    const { work } = mapping.invoices;
    const { blank, withoutAmount } = audit.invoiceLines;
    say(
      blank.length > 0,
      `${blank.length} invoice lines name a ticket or work and state neither minutes nor an amount: what they bill is not shown, and they count as billing nothing. They are listed.`,
    );
    say(
      withoutAmount > 0,
      `${withoutAmount} invoice lines state minutes and no amount: what they charge is not shown, and they count at the price of the work.`,
    );
    say(
      !hasMeasures(mapping),
      'The invoice lines have neither minutes nor amounts: a ticket with a line counts as billed in full.',
    );
    say(
      work === null,
      'The invoice lines name tickets and not pieces of work: they are allocated to the work of a ticket in the order of its dates.',
    );
  }
  say(
    true,
    'Contracts are not part of the exports: recurring charges, SLA credits, minimums and caps that an invoice lacks cannot be found.',
  );
  say(
    audit.unreadable.length > 0,
    `${audit.unreadable.length} rows could not be read. They are listed with their reasons and are in no figure.`,
  );
  say(
    roundedHours > 0,
    `${roundedHours} times were given in hours that are no whole minutes; they were rounded to the nearest minute.`,
  );
  say(
    mapping.tickets.resolvedAt === null,
    'The ticket export has no time of resolution: how long a gap has been open is not shown.',
  );
  return said;
}

const MAX_STATES_NAMED = 8;

function statesText({ statesNotResolved: states }: Omit<LeakageAudit, 'cannotShow'>): string {
  const named = states
    .slice(0, MAX_STATES_NAMED)
    .map(({ state, tickets }) => `${state === '' ? '(no state)' : state.slice(0, 40)} (${tickets})`);
  const more = states.length > MAX_STATES_NAMED ? ` and ${states.length - MAX_STATES_NAMED} more` : '';
  return named.join(', ') + more;
}

function sayAboutWork(say: (when: boolean, sentence: string) => void, mapping: LeakageAuditMapping): void {
  const { work, tickets, value } = mapping;
  if (work === null) return;
  say(
    work.pricePerHour === null && work.amount === null && value.pricePerHour === null,
    'Neither the work export nor the mapping has prices: unbilled work is shown in minutes, as unpriced.',
  );
  say(
    work.pricePerHour === null && work.amount === null && value.pricePerHour !== null,
    `The work export has no prices: its value is taken at ${value.pricePerHour ?? ''} ${mapping.currency} an hour, as the mapping assumes.`,
  );
  say(
    work.covered === null,
    'The work export does not mark work that a contract covers: all of it counts as billable.',
  );
  say(
    tickets.noCharge === null,
    'The ticket export does not mark tickets that were declared free of charge: one without work counts as work-not-recorded.',
  );
  say(
    work.unapproved === null,
    'The work export does not tell approved from unapproved time: time-unapproved cannot be found.',
  );
  say(
    value.materialWords.length === 0 || tickets.texts.length === 0,
    'No texts or no material words are mapped: parts and licences that a ticket names and nobody recorded cannot be found.',
  );
  say(
    value.coveredMinutesPerTicket === null,
    'The mapping names no limit for covered work: scope creep cannot be found.',
  );
}
