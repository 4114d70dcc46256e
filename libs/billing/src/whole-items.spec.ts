import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, Discount, RateCard, WorkTypePricing } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  card,
  contractFacts,
  expense,
  facts,
  material,
  terms,
  ticketFacts,
  time,
} from './testing/facts.js';
import { aud, block, contractWith, minutes, money, spent } from './testing/charges.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { RatingResult, WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';
import type { Basis } from './item/basis.js';
import type { ExplainedItem } from './item/billable-item.js';

/** JSON with its names in order. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
const PLACED: ReadonlySet<string> = new Set(['contract', 'coverage']);

/** What is known of a basis. */
const known = (basis: Basis): object => Object.fromEntries(Object.entries(basis).filter(([, value]) => value !== null));

/** All that rating says of work: its items, each with its basis and its trace from the price on, its gaps and its draws. */
function told({ items, gaps, draws }: RatingResult<ExplainedItem>): readonly string[] {
  return [
    ...items.flatMap(({ basis, trace, ...item }) => [
      json(item),
      `basis ${json(known(basis))}`,
      ...trace.flatMap(({ step, text, facts: figures }) =>
        PLACED.has(step) ? [] : [`${step}: ${text} ${json(figures)}`],
      ),
    ]),
    ...gaps.map((gap) => `gap ${json(gap)}`),
    ...draws.map((draw) => `draw ${json(draw)}`),
  ];
}
const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const pricedAs = (pricing: WorkTypePricing, changes: Partial<RateCard> = {}) =>
  under({ workTypes: [pricing], ...changes });
const off = (id: string, percent: string, order: Discount['order']): Discount => ({
  id,
  name: id,
  kind: 'percent',
  percent,
  order,
});
const twice = { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] };
const late = { rateClass: 'after-hours' } as const;
const two = (first: number, second: number): readonly WorkItem[] => [
  time({ minutes: first, ...late }),
  time({ workItemId: 'w-2', position: 2, minutes: second, sourceEventIds: ['ev-w-2'] }),
];
const override = { pricePerHour: aud('99.00'), reason: 'agreed by phone', overriddenBy: 'accounts-1', eventId: 'ev-o' };

/** An item is frozen on the invoice as it is here, and an auditor reads it years later: nothing of it may change unseen. */
describe('work as a client is billed for it, whole', () => {
  it('time with a minimum and an increment, stated and not yet approved', () => {
    expect(
      told(
        rate(
          facts(
            [time({ minutes: 120, statedBillableMinutes: 70, approval: 'unapproved' })],
            under({ minimumMinutes: 30, incrementMinutes: 15 }),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":120,"approval":"unapproved","billableMinutes":75,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"187.50","currency":"AUD"},"period":"2026-03","quantity":"1.25","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"187.50","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":70,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":120,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":70,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 120 min of remote by engineer on 2026-03-10 {"actualMinutes":120,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":70,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 70 min stated instead of 120 min worked, minimum 30, increment 15 -> 75 min (1.25 h) {"actualMinutes":120,"billableMinutes":75,"incrementMinutes":15,"minimumMinutes":30,"roundingScope":"entry","statedBillableMinutes":70}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 75 min (1.25 h) x 150.00 = 187.5 -> 187.50 AUD {"billableMinutes":75,"currency":"AUD","exact":"187.5","net":"187.50","rounding":"half-up","unitPrice":"150.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and nobody approved or rejected this time","clientId":"cli-1","dueOn":null,"kind":"time-unapproved","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":120,"money":{"amount":"187.50","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('time after hours at twice the price, less two discounts', () => {
    expect(
      told(
        rate(
          facts(
            [time({ minutes: 100, ...late })],
            under(twice, { discounts: [off('loyal', '10', 'before-minimum'), off('prompt', '5', 'after-minimum')] }),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":100,"approval":"approved","billableMinutes":100,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"425.00","currency":"AUD"},"period":"2026-03","quantity":"1.666667","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"500.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"300.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"discount":{"afterMinimumPercent":"5","beforeMinimumPercent":"10","exact":"425","exactBefore":"500"},"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":100,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":100,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 100 min of remote by engineer on 2026-03-10 {"actualMinutes":100,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 100 min, minimum 0, increment 1 -> 100 min (1.666667 h) {"actualMinutes":100,"billableMinutes":100,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'discount: loyal (loyal) 10 % and prompt (prompt) 5 %: 500 less 15 % = 425 AUD {"afterMinimumPercent":"5","beforeMinimumPercent":"10","currency":"AUD","discountIds":["loyal","prompt"],"exact":"425","exactBefore":"500","percent":"15"}',
      'amount: 425 -> 425.00 AUD {"billableMinutes":100,"currency":"AUD","exact":"425","net":"425.00","rounding":"half-up","unitPrice":"300.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":100,"money":{"amount":"425.00","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('the larger of the multipliers of class and work type', () => {
    expect(
      told(
        rate(
          facts([time({ ...late })], pricedAs({ workType: 'remote', mode: 'multiplier', multiplier: '1.5' }, twice)),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"300.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"300.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"300.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'multiplier: x 2 for after-hours (of 2 and 1.5 the larger wins) {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":"1.5"}',
      'amount: 60 min (1 h) x 300.00 = 300 -> 300.00 AUD {"billableMinutes":60,"currency":"AUD","exact":"300","net":"300.00","rounding":"half-up","unitPrice":"300.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":60,"money":{"amount":"300.00","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('a price for the very work type, role and class, of a day of 450 min', () => {
    expect(
      told(
        rate(
          facts(
            [time({ ...late })],
            under({
              ...twice,
              labour: [
                {
                  workType: 'remote',
                  engineerRole: 'engineer',
                  rateClass: 'after-hours',
                  pricePerHour: '1000.00',
                  priceMinutes: 450,
                },
              ],
            }),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"133.33","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"133.33","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"133.333333","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","per":{"minutes":450,"price":"1000.00"},"scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 1000.00 AUD for 450 min: rate card Standard (card-1), remote by engineer, after-hours {"currency":"AUD","engineerRole":"engineer","priceMinutes":450,"pricePerHour":"1000.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":"after-hours","rateForRole":"engineer","rateForWorkType":"remote","workType":"remote"}',
      'amount: 133.33333333, rounded half up -> 133.33 AUD {"billableMinutes":60,"currency":"AUD","exact":"133.3333333333333333333333333333333333333","net":"133.33","rounding":"half-up","unitPrice":"133.333333"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":60,"money":{"amount":"133.33","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('tiers over a ticket, of which the second entry finds the rest', () => {
    expect(
      told(
        rate(
          facts(
            two(50, 20),
            pricedAs(
              {
                workType: 'remote',
                mode: 'tiers',
                per: 'ticket',
                tiers: [
                  { upToMinutes: 60, pricePerHour: '150.00' },
                  { upToMinutes: null, pricePerHour: '225.00' },
                ],
              },
              twice,
            ),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":50,"approval":"approved","billableMinutes":50,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"250.00","currency":"AUD"},"period":"2026-03","quantity":"0.833333","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"250.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"300.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"tiers","scope":"con-1 version 1, remote, ticket T-1","tiers":[{"minutes":50,"pricePerHour":"300.00"}]},"rateClass":"after-hours","rounding":{"basisMinutes":50,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":50,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 50 min of remote by engineer on 2026-03-10 {"actualMinutes":50,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 50 min, minimum 0, increment 1 -> 50 min (0.833333 h) {"actualMinutes":50,"billableMinutes":50,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 50 min at 150.00 of the ticket: rate card Standard (card-1) {"charged":false,"currency":"AUD","minutesBefore":0,"mode":"tiers","per":"ticket","pricedOver":"con-1 version 1, remote, ticket T-1","rateCardId":"card-1"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'amount: 50 min (0.833333 h) x 300.00 = 250 -> 250.00 AUD {"billableMinutes":50,"currency":"AUD","exact":"250","net":"250.00","rounding":"half-up","unitPrice":"300.00"}',
      '{"actualMinutes":20,"approval":"approved","billableMinutes":20,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-2","kind":"time","net":{"amount":"62.50","currency":"AUD"},"period":"2026-03","quantity":"0.333333","sourceEventIds":["ev-w-2"],"standardValue":{"amount":"62.50","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"187.50","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-2"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"tiers","scope":"con-1 version 1, remote, ticket T-1","tiers":[{"minutes":10,"pricePerHour":"150.00"},{"minutes":10,"pricePerHour":"225.00"}]},"rounding":{"basisMinutes":20,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":20,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 20 min of remote by engineer on 2026-03-10 {"actualMinutes":20,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 20 min, minimum 0, increment 1 -> 20 min (0.333333 h) {"actualMinutes":20,"billableMinutes":20,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 10 min at 150.00, 10 min at 225.00 of the ticket: rate card Standard (card-1) {"charged":false,"currency":"AUD","minutesBefore":50,"mode":"tiers","per":"ticket","pricedOver":"con-1 version 1, remote, ticket T-1","rateCardId":"card-1"}',
      'amount: 20 min (0.333333 h) x 187.50 = 62.5 -> 62.50 AUD {"billableMinutes":20,"currency":"AUD","exact":"62.5","net":"62.50","rounding":"half-up","unitPrice":"187.50"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":50,"money":{"amount":"250.00","currency":"AUD"}},"workItemId":"w-1"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-2","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":20,"money":{"amount":"62.50","currency":"AUD"}},"workItemId":"w-2"}',
    ]);
  });

  it('one price for a visit, which the second entry finds charged', () => {
    expect(
      told(
        rate(
          facts(
            two(50, 20),
            pricedAs(
              { workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket-day' },
              { ...twice, labour: [] },
            ),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":50,"approval":"approved","billableMinutes":50,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"440.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"440.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"flat","unitPrice":{"amount":"440.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":true,"flatPrice":{"amount":"440","currency":"AUD"},"mode":"flat","scope":"con-1 version 1, remote, ticket T-1 on 2026-03-10"},"rateClass":"after-hours","rounding":{"basisMinutes":50,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":50,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 50 min of remote by engineer on 2026-03-10 {"actualMinutes":50,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 50 min, minimum 0, increment 1 -> 50 min (0.833333 h) {"actualMinutes":50,"billableMinutes":50,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 220.00 AUD for the ticket-day, whatever the minutes: rate card Standard (card-1) {"charged":true,"currency":"AUD","flatPrice":"440","minutesBefore":0,"mode":"flat","per":"ticket-day","pricedOver":"con-1 version 1, remote, ticket T-1 on 2026-03-10","rateCardId":"card-1"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'amount: 1 x 440.00 = 440 -> 440.00 AUD {"billableMinutes":50,"currency":"AUD","exact":"440","net":"440.00","rounding":"half-up","unitPrice":"440.00"}',
      '{"actualMinutes":20,"approval":"approved","billableMinutes":20,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-2","kind":"time","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-2"],"standardValue":{"amount":"0.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"flat","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-2"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"flat","scope":"con-1 version 1, remote, ticket T-1 on 2026-03-10"},"rounding":{"basisMinutes":20,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":20,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 20 min of remote by engineer on 2026-03-10 {"actualMinutes":20,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 20 min, minimum 0, increment 1 -> 20 min (0.333333 h) {"actualMinutes":20,"billableMinutes":20,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: the price of the ticket-day is on earlier work: nothing more for this {"charged":false,"currency":"AUD","minutesBefore":50,"mode":"flat","per":"ticket-day","pricedOver":"con-1 version 1, remote, ticket T-1 on 2026-03-10","rateCardId":"card-1"}',
      'amount: 1 x 0.00 = 0 -> 0.00 AUD {"billableMinutes":20,"currency":"AUD","exact":"0","net":"0.00","rounding":"half-up","unitPrice":"0.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":50,"money":{"amount":"440.00","currency":"AUD"}},"workItemId":"w-1"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-2","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":20,"money":{"amount":"0.00","currency":"AUD"}},"workItemId":"w-2"}',
    ]);
  });

  it('an amount on top, once for a ticket', () => {
    expect(
      told(
        rate(
          facts(
            two(60, 30),
            pricedAs({ workType: 'remote', mode: 'amount-on-top', amount: '45.00', per: 'ticket' }, twice),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer (45.00 AUD on top, once for the ticket)","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"345.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"345.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"300.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":true,"flatPrice":null,"mode":"amount-on-top","scope":"con-1 version 1, remote, ticket T-1"},"rateClass":"after-hours","rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'rate: 45.00 AUD on top, once for the ticket {"amount":"45.00","charged":true,"currency":"AUD","minutesBefore":0,"mode":"amount-on-top","per":"ticket","pricedOver":"con-1 version 1, remote, ticket T-1","rateCardId":"card-1"}',
      'amount: 60 min (1 h) x 300.00 + 45.00 on top = 345 -> 345.00 AUD {"billableMinutes":60,"currency":"AUD","exact":"345","net":"345.00","rounding":"half-up","unitPrice":"300.00"}',
      '{"actualMinutes":30,"approval":"approved","billableMinutes":30,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-2","kind":"time","net":{"amount":"75.00","currency":"AUD"},"period":"2026-03","quantity":"0.5","sourceEventIds":["ev-w-2"],"standardValue":{"amount":"75.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-2"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"amount-on-top","scope":"con-1 version 1, remote, ticket T-1"},"rounding":{"basisMinutes":30,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":30,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 30 min of remote by engineer on 2026-03-10 {"actualMinutes":30,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 30 min, minimum 0, increment 1 -> 30 min (0.5 h) {"actualMinutes":30,"billableMinutes":30,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'rate: the amount on top of the ticket is on earlier work {"amount":"45.00","charged":false,"currency":"AUD","minutesBefore":60,"mode":"amount-on-top","per":"ticket","pricedOver":"con-1 version 1, remote, ticket T-1","rateCardId":"card-1"}',
      'amount: 30 min (0.5 h) x 150.00 = 75 -> 75.00 AUD {"billableMinutes":30,"currency":"AUD","exact":"75","net":"75.00","rounding":"half-up","unitPrice":"150.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":60,"money":{"amount":"345.00","currency":"AUD"}},"workItemId":"w-1"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-2","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":30,"money":{"amount":"75.00","currency":"AUD"}},"workItemId":"w-2"}',
    ]);
  });

  it('an amount on top of each hour', () => {
    expect(
      told(
        rate(
          facts(
            [time({ minutes: 90, ...late })],
            pricedAs({ workType: 'remote', mode: 'amount-on-top', amount: '45.00', per: 'hour' }, twice),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":90,"approval":"approved","billableMinutes":90,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"517.50","currency":"AUD"},"period":"2026-03","quantity":"1.5","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"517.50","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"345.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'rate: 45.00 AUD on top of each hour of remote {"amount":"45.00","mode":"amount-on-top","per":"hour"}',
      'amount: 90 min (1.5 h) x 345.00 = 517.5 -> 517.50 AUD {"billableMinutes":90,"currency":"AUD","exact":"517.5","net":"517.50","rounding":"half-up","unitPrice":"345.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":90,"money":{"amount":"517.50","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('a price that a person set', () => {
    expect(told(rate(facts([time({ minutes: 90, override, ...late })], under(twice))))).toEqual([
      '{"actualMinutes":90,"approval":"approved","billableMinutes":90,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"148.50","currency":"AUD"},"period":"2026-03","quantity":"1.5","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"450.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"99.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":{"amount":"99.00","currency":"AUD"},"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","override":"99.00 AUD","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'override: 99.00 AUD an hour, set by accounts-1: agreed by phone {"currency":"AUD","eventId":"ev-o","overriddenBy":"accounts-1","pricePerHour":"99.00","reason":"agreed by phone"}',
      'amount: 90 min (1.5 h) x 99.00 = 148.5 -> 148.50 AUD {"billableMinutes":90,"currency":"AUD","exact":"148.5","net":"148.50","rounding":"half-up","unitPrice":"99.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":90,"money":{"amount":"148.50","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('a price that a person set in another currency', () => {
    expect(
      told(rate(facts([time({ override: { ...override, pricePerHour: { amount: '99.00', currency: 'USD' } } })]))),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"unpriced","invoiceId":null,"itemId":"w-1","kind":"time","net":null,"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":null,"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":null,"unpriced":{"cause":"the price that accounts-1 set is in USD, the contract in AUD","reason":"other-currency"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","unpriced":"other-currency","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":{"amount":"99.00","currency":"USD"},"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","override":"99.00 USD","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'override: the price that accounts-1 set is in USD, the contract in AUD {"currency":"USD","eventId":"ev-o","overriddenBy":"accounts-1","pricePerHour":"99.00","reason":"agreed by phone","unpriced":"other-currency"}',
      'gap {"cause":"the price that accounts-1 set is in USD, the contract in AUD","clientId":"cli-1","dueOn":null,"kind":"unpriced","period":"2026-03","sourceEventIds":["ev-w-1"],"ticketId":"T-1","valueAtRisk":{"minutes":60,"money":null},"workItemId":"w-1"}',
    ]);
  });

  it('a ticket whose entries share a minimum', () => {
    expect(
      told(rate(facts(two(10, 40), under({ roundingScope: 'ticket-day', minimumMinutes: 30, incrementMinutes: 15 })))),
    ).toEqual([
      '{"actualMinutes":10,"approval":"approved","billableMinutes":12,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"30.00","currency":"AUD"},"period":"2026-03","quantity":"0.2","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"30.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":10,"scope":"ticket-day","scopeId":"con-1, ticket T-1 on 2026-03-10"},"ruleId":"all","work":{"actualMinutes":10,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 10 min of remote by engineer on 2026-03-10 {"actualMinutes":10,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      `billable-time: 10 min; with it 50 min on the ticket's day, minimum 30, increment 15 -> 60 min; 0 min are counted for other work, the rest is shared by minutes -> 12 min (0.2 h) {"actualMinutes":10,"billableMinutes":12,"countedMinutes":0,"incrementMinutes":15,"minimumMinutes":30,"roundingScope":"ticket-day","scopeBillableMinutes":60,"scopeMinutes":50,"statedBillableMinutes":null}`,
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 12 min (0.2 h) x 150.00 = 30 -> 30.00 AUD {"billableMinutes":12,"currency":"AUD","exact":"30","net":"30.00","rounding":"half-up","unitPrice":"150.00"}',
      '{"actualMinutes":40,"approval":"approved","billableMinutes":48,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-2","kind":"time","net":{"amount":"120.00","currency":"AUD"},"period":"2026-03","quantity":"0.8","sourceEventIds":["ev-w-2"],"standardValue":{"amount":"120.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-2"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":40,"scope":"ticket-day","scopeId":"con-1, ticket T-1 on 2026-03-10"},"ruleId":"all","work":{"actualMinutes":40,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 40 min of remote by engineer on 2026-03-10 {"actualMinutes":40,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      `billable-time: 40 min; with it 50 min on the ticket's day, minimum 30, increment 15 -> 60 min; 0 min are counted for other work, the rest is shared by minutes -> 48 min (0.8 h) {"actualMinutes":40,"billableMinutes":48,"countedMinutes":0,"incrementMinutes":15,"minimumMinutes":30,"roundingScope":"ticket-day","scopeBillableMinutes":60,"scopeMinutes":50,"statedBillableMinutes":null}`,
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 48 min (0.8 h) x 150.00 = 120 -> 120.00 AUD {"billableMinutes":48,"currency":"AUD","exact":"120","net":"120.00","rounding":"half-up","unitPrice":"150.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":10,"money":{"amount":"30.00","currency":"AUD"}},"workItemId":"w-1"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-2","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":40,"money":{"amount":"120.00","currency":"AUD"}},"workItemId":"w-2"}',
    ]);
  });

  it('materials at their list price, discounted', () => {
    expect(
      told(
        rate(
          facts(
            [material({ quantity: '2.5', serialNumber: 'S-1' })],
            under({}, { discounts: [off('loyal', '10', 'before-minimum')] }),
          ),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"20.00","currency":"AUD"},"description":"Patch cable","disposition":"billable","invoiceId":null,"itemId":"m-1","kind":"material","net":{"amount":"33.75","currency":"AUD"},"period":"2026-03","quantity":"2.5","sourceEventIds":["ev-m-1"],"standardValue":{"amount":"37.50","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":{"amount":"15.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"m-1"}',
      'basis {"discount":{"afterMinimumPercent":"0","beforeMinimumPercent":"10","exact":"33.75","exactBefore":"37.5"},"price":{"charged":false,"flatPrice":null,"mode":"quantity","scope":null},"ruleId":"all","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"AUD"},"quantity":"2.5","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 2.5 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 AUD","quantity":"2.5","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: 15.00 AUD each: list price of CABLE-3M, as rate card Standard (card-1) says {"currency":"AUD","pricing":"list","rateCardId":"card-1","unitPrice":"15.00"}',
      'discount: loyal (loyal) 10 %: 37.5 less 10 % = 33.75 AUD {"afterMinimumPercent":"0","beforeMinimumPercent":"10","currency":"AUD","discountIds":["loyal"],"exact":"33.75","exactBefore":"37.5","percent":"10"}',
      'amount: 33.75 -> 33.75 AUD {"currency":"AUD","exact":"33.75","net":"33.75","quantity":"2.5","rounding":"half-up","unitPrice":"15.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-m-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"33.75","currency":"AUD"}},"workItemId":"m-1"}',
    ]);
  });

  it('materials at cost with a markup', () => {
    expect(
      told(rate(facts([material()], under({ materials: { pricing: 'cost-plus', markupPercent: '12.5' } })))),
    ).toEqual([
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"24.00","currency":"AUD"},"description":"Patch cable","disposition":"billable","invoiceId":null,"itemId":"m-1","kind":"material","net":{"amount":"27.00","currency":"AUD"},"period":"2026-03","quantity":"3","sourceEventIds":["ev-m-1"],"standardValue":{"amount":"27.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":{"amount":"9.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"m-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"quantity","scope":null},"ruleId":"all","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"AUD"},"quantity":"3","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 AUD","quantity":"3","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: 9.00 AUD: cost of CABLE-3M 8.00 AUD with 12.5 % markup, rate card Standard (card-1) {"cost":"8.00","currency":"AUD","markupPercent":"12.5","pricing":"cost-plus","rateCardId":"card-1","unitPrice":"9.00"}',
      'amount: 3 x 9.00 = 27 -> 27.00 AUD {"currency":"AUD","exact":"27","net":"27.00","quantity":"3","rounding":"half-up","unitPrice":"9.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-m-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"27.00","currency":"AUD"}},"workItemId":"m-1"}',
    ]);
  });

  it('materials without a list price, in another currency, and under warranty', () => {
    expect(
      told(
        rate(
          facts([
            material({ listPrice: null }),
            material({ workItemId: 'm-2', position: 4, listPrice: { amount: '15.00', currency: 'USD' } }),
            material({ workItemId: 'm-3', position: 5, underWarranty: true }),
          ]),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"24.00","currency":"AUD"},"description":"Patch cable","disposition":"unpriced","invoiceId":null,"itemId":"m-1","kind":"material","net":null,"period":"2026-03","quantity":"3","sourceEventIds":["ev-m-1"],"standardValue":null,"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":null,"unpriced":{"cause":"rate card Standard (card-1) prices by the list price of CABLE-3M, which is not recorded","reason":"no-price"},"workDate":"2026-03-10","workItemId":"m-1"}',
      'basis {"ruleId":"all","unpriced":"no-price","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":null,"quantity":"3","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":null,"quantity":"3","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: rate card Standard (card-1) prices by the list price of CABLE-3M, which is not recorded {"currency":"AUD","rateCardId":"card-1","unpriced":"no-price"}',
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"24.00","currency":"AUD"},"description":"Patch cable","disposition":"unpriced","invoiceId":null,"itemId":"m-2","kind":"material","net":null,"period":"2026-03","quantity":"3","sourceEventIds":["ev-m-1"],"standardValue":null,"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":null,"unpriced":{"cause":"the list price of CABLE-3M is in USD, the contract in AUD","reason":"other-currency"},"workDate":"2026-03-10","workItemId":"m-2"}',
      'basis {"ruleId":"all","unpriced":"other-currency","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"USD"},"quantity":"3","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 USD","quantity":"3","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: the list price of CABLE-3M is in USD, the contract in AUD {"currency":"AUD","givenCurrency":"USD","rateCardId":"card-1","unpriced":"other-currency"}',
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"24.00","currency":"AUD"},"description":"Patch cable","disposition":"covered","invoiceId":null,"itemId":"m-3","kind":"material","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"3","sourceEventIds":["ev-m-1"],"standardValue":{"amount":"45.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"m-3"}',
      'basis {"ruleId":"all","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"AUD"},"quantity":"3","underWarranty":true,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 AUD","quantity":"3","underWarranty":true,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'warranty: under warranty: no charge {"serialNumber":null,"underWarranty":true}',
      'gap {"cause":"rate card Standard (card-1) prices by the list price of CABLE-3M, which is not recorded","clientId":"cli-1","dueOn":null,"kind":"unpriced","period":"2026-03","sourceEventIds":["ev-m-1"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"24.00","currency":"AUD"}},"workItemId":"m-1"}',
      'gap {"cause":"the list price of CABLE-3M is in USD, the contract in AUD","clientId":"cli-1","dueOn":null,"kind":"unpriced","period":"2026-03","sourceEventIds":["ev-m-1"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"24.00","currency":"AUD"}},"workItemId":"m-2"}',
    ]);
  });

  it('an expense with a markup, and one in another currency', () => {
    expect(
      told(
        rate(
          facts([expense(), expense({ workItemId: 'x-2', position: 4, cost: { amount: '20.00', currency: 'NZD' } })]),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"20.00","currency":"AUD"},"description":"Parking","disposition":"billable","invoiceId":null,"itemId":"x-1","kind":"expense","net":{"amount":"22.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-x-1"],"standardValue":{"amount":"22.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"expense","unitPrice":{"amount":"22.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"x-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"quantity","scope":null},"ruleId":"all","work":{"cost":{"amount":"20.00","currency":"AUD"},"kind":"expense","workDate":"2026-03-10"}}',
      'work: expense of 20.00 AUD on 2026-03-10 {"cost":"20.00 AUD","kind":"expense","workDate":"2026-03-10"}',
      'rate: 22.00 AUD: cost 20.00 AUD with 10 % markup, rate card Standard (card-1) {"cost":"20.00","currency":"AUD","markupPercent":"10","pricing":"cost-plus","rateCardId":"card-1","unitPrice":"22.00"}',
      'amount: 1 x 22.00 = 22 -> 22.00 AUD {"currency":"AUD","exact":"22","net":"22.00","quantity":"1","rounding":"half-up","unitPrice":"22.00"}',
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"20.00","currency":"NZD"},"description":"Parking","disposition":"unpriced","invoiceId":null,"itemId":"x-2","kind":"expense","net":null,"period":"2026-03","quantity":"1","sourceEventIds":["ev-x-1"],"standardValue":null,"taxCategory":"GST","ticketId":"T-1","unit":"expense","unitPrice":null,"unpriced":{"cause":"the cost is in NZD, the contract in AUD","reason":"other-currency"},"workDate":"2026-03-10","workItemId":"x-2"}',
      'basis {"ruleId":"all","unpriced":"other-currency","work":{"cost":{"amount":"20.00","currency":"NZD"},"kind":"expense","workDate":"2026-03-10"}}',
      'work: expense of 20.00 NZD on 2026-03-10 {"cost":"20.00 NZD","kind":"expense","workDate":"2026-03-10"}',
      'rate: the cost is in NZD, the contract in AUD {"currency":"AUD","givenCurrency":"NZD","rateCardId":"card-1","unpriced":"other-currency"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-x-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"22.00","currency":"AUD"}},"workItemId":"x-1"}',
      'gap {"cause":"the cost is in NZD, the contract in AUD","clientId":"cli-1","dueOn":null,"kind":"unpriced","period":"2026-03","sourceEventIds":["ev-x-1"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"20.00","currency":"NZD"}},"workItemId":"x-2"}',
    ]);
  });

  it('work on a ticket that was declared free of charge', () => {
    expect(
      told(
        rate(
          facts([time()], {
            tickets: new Map([
              ['T-1', ticketFacts({ noCharge: { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-n' } })],
            ]),
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":0,"clientId":"cli-1","contractId":null,"contractVersion":null,"cost":null,"description":"Worked on the printer","disposition":"covered","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"150.00","currency":"AUD"},"taxCategory":null,"ticketId":"T-1","unit":"h","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'no-charge: declared no-charge: goodwill, our mistake {"eventId":"ev-n","reason":"our mistake","reasonCode":"goodwill"}',
    ]);
  });

  it('work that is included', () => {
    expect(
      told(
        rate(
          facts([time({ minutes: 45 })], {
            contracts: [
              contractFacts({
                terms: terms({}, [
                  { id: 'inc', name: 'Remote work', match: { workTypes: ['remote'] }, outcome: 'included' },
                ]),
              }),
            ],
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":45,"approval":"approved","billableMinutes":0,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"covered","invoiceId":null,"itemId":"w-1","kind":"time","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"0.75","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"112.50","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"ruleId":"inc","work":{"actualMinutes":45,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 45 min of remote by engineer on 2026-03-10 {"actualMinutes":45,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
    ]);
  });

  it('work that a block covers in part, and overage after hours', () => {
    expect(
      told(
        rate(
          facts([time({ minutes: 90, ...late })], {
            contracts: [
              contractWith(
                {
                  coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' }],
                  rateCard: card(twice),
                  prepaid: { overage: { pricePerHour: '180.00', multiplied: true } },
                },
                { blocks: [block('b', minutes(60), { expiresOn: '2026-03-31' })] },
              ),
            ],
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"covered","draw":{"amount":{"minutes":60,"unit":"minutes"},"frozen":false,"itemId":"w-1@p1","source":{"blockId":"b","contractId":"con-1","from":"block"},"workDate":"2026-03-10","workItemId":"w-1"},"invoiceId":null,"itemId":"w-1@p1","kind":"time","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"1","segment":{"date":"2026-03-10","fromMinute":0,"rateClass":"after-hours","toMinute":60},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"300.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"prepaid":"covered","price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":"after-hours","rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'prepaid: 60 min drawn on block b, good until 2026-03-31: 0 min left {"blockId":"b","contractId":"con-1","drawn":"60","expiresOn":"2026-03-31","from":"block","left":"0","outcome":"covered","tried":["block b: drawn 60 min"],"unit":"minutes"}',
      '{"actualMinutes":30,"approval":"approved","billableMinutes":30,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1@p2","kind":"time","net":{"amount":"180.00","currency":"AUD"},"period":"2026-03","quantity":"0.5","segment":{"date":"2026-03-10","fromMinute":60,"rateClass":"after-hours","toMinute":90},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"150.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"360.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"prepaid":"overage","price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rateClass":"after-hours","rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":"after-hours","startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":"after-hours","statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'segment: after-hours on 2026-03-10 in Australia/Sydney {"date":"2026-03-10","rateClass":"after-hours","timeZone":"Australia/Sydney"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 180.00 AUD an hour: overage of the contract {"currency":"AUD","overagePricePerHour":"180.00"}',
      'multiplier: x 2 for after-hours {"multiplier":"2","rateCardId":"card-1","rateClass":"after-hours","rateClassMultiplier":"2","taken":"rate-class","workTypeMultiplier":null}',
      'prepaid: overage: block b: drawn 60 min {"outcome":"overage","tried":["block b: drawn 60 min"]}',
      'amount: 30 min (0.5 h) x 360.00 = 180 -> 180.00 AUD {"billableMinutes":30,"currency":"AUD","exact":"180","net":"180.00","rounding":"half-up","unitPrice":"360.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":30,"money":{"amount":"180.00","currency":"AUD"}},"workItemId":"w-1"}',
      'draw {"amount":{"minutes":60,"unit":"minutes"},"frozen":false,"itemId":"w-1@p1","source":{"blockId":"b","contractId":"con-1","from":"block"},"workDate":"2026-03-10","workItemId":"w-1"}',
    ]);
  });

  it('work that a block of money covers in part', () => {
    expect(
      told(
        rate(
          facts([time({ minutes: 90 })], {
            contracts: [
              contractWith(
                { coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' }] },
                { blocks: [block('m', money('200.00'))] },
              ),
            ],
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":80,"approval":"approved","billableMinutes":80,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"covered","draw":{"amount":{"money":{"amount":"200.00","currency":"AUD"},"unit":"money"},"frozen":false,"itemId":"w-1@p1","source":{"blockId":"m","contractId":"con-1","from":"block"},"workDate":"2026-03-10","workItemId":"w-1"},"invoiceId":null,"itemId":"w-1@p1","kind":"time","net":{"amount":"0.00","currency":"AUD"},"period":"2026-03","quantity":"1.333333","segment":{"date":"2026-03-10","fromMinute":0,"rateClass":null,"toMinute":80},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"200.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"0.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"prepaid":"covered","price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'prepaid: 200.00 AUD drawn on block m: 0.00 AUD left {"blockId":"m","contractId":"con-1","drawn":"200","expiresOn":null,"from":"block","left":"0","outcome":"covered","tried":["block m: drawn 200.00 AUD"],"unit":"AUD"}',
      '{"actualMinutes":10,"approval":"approved","billableMinutes":10,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1@p2","kind":"time","net":{"amount":"25.00","currency":"AUD"},"period":"2026-03","quantity":"0.166667","segment":{"date":"2026-03-10","fromMinute":80,"rateClass":null,"toMinute":90},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"25.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"prepaid":"overage","price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'prepaid: overage: block m: drawn 200.00 AUD {"outcome":"overage","tried":["block m: drawn 200.00 AUD"]}',
      'amount: 10 min (0.166667 h) x 150.00 = 25 -> 25.00 AUD {"billableMinutes":10,"currency":"AUD","exact":"25","net":"25.00","rounding":"half-up","unitPrice":"150.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":10,"money":{"amount":"25.00","currency":"AUD"}},"workItemId":"w-1"}',
      'draw {"amount":{"money":{"amount":"200.00","currency":"AUD"},"unit":"money"},"frozen":false,"itemId":"w-1@p1","source":{"blockId":"m","contractId":"con-1","from":"block"},"workDate":"2026-03-10","workItemId":"w-1"}',
    ]);
  });

  it('work above a cap that is written down, and above one that is a gap', () => {
    expect(
      told(
        rate(
          facts([spent(90, '2026-03-10', 1), material()], {
            contracts: [
              contractWith({
                caps: [
                  {
                    id: 'time',
                    name: 'Labour',
                    scope: 'ticket',
                    amount: '200.00',
                    above: 'write-down',
                    match: { kinds: ['time'] },
                  },
                  {
                    id: 'goods',
                    name: 'Goods',
                    scope: 'period',
                    amount: '30.00',
                    above: 'gap',
                    match: { kinds: ['material'] },
                  },
                ],
              }),
            ],
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":80,"approval":"approved","billableMinutes":80,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1@p1","kind":"time","net":{"amount":"200.00","currency":"AUD"},"period":"2026-03","quantity":"1.333333","segment":{"date":"2026-03-10","fromMinute":0,"rateClass":null,"toMinute":80},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"200.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"cap":{"above":null,"capId":"time","contractId":"con-1","currency":"AUD","heldBack":null},"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'cap: not-to-exceed Labour (time), 200.00 AUD a ticket, 0.00 billed before: 200.00 AUD billed {"amount":"200.00","billed":"200.00","capId":"time","contractId":"con-1","currency":"AUD","left":"200.00","scope":"ticket","usedBefore":"0.00"}',
      'amount: 80 min (1.333333 h) x 150.00 = 200 -> 200.00 AUD {"billableMinutes":80,"currency":"AUD","exact":"200","net":"200.00","rounding":"half-up","unitPrice":"150.00"}',
      '{"actualMinutes":10,"approval":"approved","billableMinutes":10,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"written-off","invoiceId":null,"itemId":"w-1@p2","kind":"time","net":{"amount":"25.00","currency":"AUD"},"period":"2026-03","quantity":"0.166667","segment":{"date":"2026-03-10","fromMinute":80,"rateClass":null,"toMinute":90},"sourceEventIds":["ev-w-1"],"standardValue":{"amount":"25.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"cap":{"above":"25.00","capId":"time","contractId":"con-1","currency":"AUD","heldBack":null},"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'cap: not-to-exceed Labour (time), 200.00 AUD a ticket, 0.00 billed before: 25.00 AUD above it is written down, as the contract says {"above":"25.00","amount":"200.00","capId":"time","contractId":"con-1","currency":"AUD","left":"200.00","rule":"write-down","scope":"ticket","usedBefore":"0.00"}',
      'amount: 10 min (0.166667 h) x 150.00 = 25 -> 25.00 AUD {"billableMinutes":10,"currency":"AUD","exact":"25","net":"25.00","rounding":"half-up","unitPrice":"150.00"}',
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"16.00","currency":"AUD"},"description":"Patch cable","disposition":"billable","invoiceId":null,"itemId":"m-1@p1","kind":"material","net":{"amount":"30.00","currency":"AUD"},"period":"2026-03","quantity":"2","sourceEventIds":["ev-m-1"],"standardValue":{"amount":"30.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":{"amount":"15.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"m-1"}',
      'basis {"cap":{"above":null,"capId":"goods","contractId":"con-1","currency":"AUD","heldBack":null},"price":{"charged":false,"flatPrice":null,"mode":"quantity","scope":null},"ruleId":"all","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"AUD"},"quantity":"3","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 AUD","quantity":"3","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: 15.00 AUD each: list price of CABLE-3M, as rate card Standard (card-1) says {"currency":"AUD","pricing":"list","rateCardId":"card-1","unitPrice":"15.00"}',
      'cap: not-to-exceed Goods (goods), 30.00 AUD a period, 0.00 billed before: 30.00 AUD billed {"amount":"30.00","billed":"30.00","capId":"goods","contractId":"con-1","currency":"AUD","left":"30.00","scope":"period","usedBefore":"0.00"}',
      'amount: 2 x 15.00 = 30 -> 30.00 AUD {"currency":"AUD","exact":"30","net":"30.00","quantity":"2","rounding":"half-up","unitPrice":"15.00"}',
      '{"actualMinutes":null,"approval":null,"billableMinutes":null,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":{"amount":"8.00","currency":"AUD"},"description":"Patch cable","disposition":"unpriced","invoiceId":null,"itemId":"m-1@p2","kind":"material","net":null,"period":"2026-03","quantity":"1","sourceEventIds":["ev-m-1"],"standardValue":{"amount":"15.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"piece","unitPrice":null,"unpriced":{"cause":"not-to-exceed Goods (goods), 30.00 AUD a period, 0.00 billed before: 15.00 AUD above it has no price","reason":"above-cap"},"workDate":"2026-03-10","workItemId":"m-1"}',
      'basis {"cap":{"above":"15.00","capId":"goods","contractId":"con-1","currency":"AUD","heldBack":null},"price":{"charged":false,"flatPrice":null,"mode":"quantity","scope":null},"ruleId":"all","unpriced":"above-cap","work":{"itemCode":"CABLE-3M","kind":"material","listPrice":{"amount":"15.00","currency":"AUD"},"quantity":"3","underWarranty":false,"unitCost":{"amount":"8.00","currency":"AUD"},"workDate":"2026-03-10"}}',
      'work: 3 piece of CABLE-3M on 2026-03-10 {"itemCode":"CABLE-3M","kind":"material","listPrice":"15.00 AUD","quantity":"3","underWarranty":false,"unitCost":"8.00 AUD","workDate":"2026-03-10"}',
      'rate: 15.00 AUD each: list price of CABLE-3M, as rate card Standard (card-1) says {"currency":"AUD","pricing":"list","rateCardId":"card-1","unitPrice":"15.00"}',
      'cap: not-to-exceed Goods (goods), 30.00 AUD a period, 0.00 billed before: 15.00 AUD above it has no price {"above":"15.00","amount":"30.00","capId":"goods","contractId":"con-1","currency":"AUD","left":"30.00","rule":"gap","scope":"period","unpriced":"above-cap","usedBefore":"0.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":80,"money":{"amount":"200.00","currency":"AUD"}},"workItemId":"w-1"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-m-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"30.00","currency":"AUD"}},"workItemId":"m-1"}',
      'gap {"cause":"not-to-exceed Goods (goods), 30.00 AUD a period, 0.00 billed before: 15.00 AUD above it has no price","clientId":"cli-1","dueOn":null,"kind":"cap-exceeded","period":"2026-03","sourceEventIds":["ev-m-1"],"ticketId":"T-1","valueAtRisk":{"minutes":null,"money":{"amount":"15.00","currency":"AUD"}},"workItemId":"m-1"}',
    ]);
  });

  it('work that was corrected after it was invoiced', () => {
    expect(
      told(
        rate(
          facts([time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] })], {
            invoiced: asInvoiced(rate(facts([time()])).items),
          }),
        ),
      ),
    ).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"invoiced","invoiceId":"inv-1","itemId":"w-1","kind":"time","net":{"amount":"150.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"150.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 60 min (1 h) x 150.00 = 150 -> 150.00 AUD {"billableMinutes":60,"currency":"AUD","exact":"150","net":"150.00","rounding":"half-up","unitPrice":"150.00"}',
      '{"actualMinutes":30,"approval":"approved","billableMinutes":30,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1@a1","kind":"time","net":{"amount":"75.00","currency":"AUD"},"period":"2026-03","quantity":"0.5","sourceEventIds":["ev-w-1","ev-w-1b"],"standardValue":{"amount":"75.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"adjustment":{"adjusts":{"documentIds":["inv-1"],"why":"the work was corrected"},"causedBy":null,"from":{"before":"150","now":[{"billableMinutes":90,"cap":null,"discount":null,"net":{"amount":"225.00","currency":"AUD"},"prepaid":null,"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"quantity":"1.5","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"}}]},"writeOffTakenBack":null},"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":90,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":90,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 90 min of remote by engineer on 2026-03-10 {"actualMinutes":90,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 90 min, minimum 0, increment 1 -> 90 min (1.5 h) {"actualMinutes":90,"billableMinutes":90,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 90 min (1.5 h) x 150.00 = 225 -> 225.00 AUD {"billableMinutes":90,"currency":"AUD","exact":"225","net":"225.00","rounding":"half-up","unitPrice":"150.00"}',
      'adjustment: the work was corrected after w-1 was frozen at 150.00 AUD: now 225.00, difference 75.00 {"currency":"AUD","difference":"75.00","frozenItemIds":["w-1"],"frozenNet":"150.00","invoiceIds":["inv-1"],"presentNet":"225.00"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-w-1b","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":30,"money":{"amount":"75.00","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });

  it('work that was voided after it was invoiced', () => {
    expect(told(rate(facts([], { invoiced: asInvoiced(rate(facts([time()])).items) })))).toEqual([
      '{"actualMinutes":60,"approval":"approved","billableMinutes":60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"invoiced","invoiceId":"inv-1","itemId":"w-1","kind":"time","net":{"amount":"150.00","currency":"AUD"},"period":"2026-03","quantity":"1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"150.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"price":{"charged":false,"flatPrice":null,"mode":"hourly","scope":null},"rounding":{"basisMinutes":60,"scope":"entry"},"ruleId":"all","work":{"actualMinutes":60,"endedAt":null,"engineerId":"eng-1","engineerRole":"engineer","kind":"time","override":null,"rateClass":null,"startedAt":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}}',
      'work: 60 min of remote by engineer on 2026-03-10 {"actualMinutes":60,"engineerRole":"engineer","kind":"time","rateClass":null,"statedBillableMinutes":null,"workDate":"2026-03-10","workType":"remote"}',
      'billable-time: 60 min, minimum 0, increment 1 -> 60 min (1 h) {"actualMinutes":60,"billableMinutes":60,"incrementMinutes":1,"minimumMinutes":0,"roundingScope":"entry","statedBillableMinutes":null}',
      'rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role {"currency":"AUD","engineerRole":"engineer","priceMinutes":60,"pricePerHour":"150.00","rateCardId":"card-1","rateClass":null,"rateForClass":null,"rateForRole":null,"rateForWorkType":"remote","workType":"remote"}',
      'amount: 60 min (1 h) x 150.00 = 150 -> 150.00 AUD {"billableMinutes":60,"currency":"AUD","exact":"150","net":"150.00","rounding":"half-up","unitPrice":"150.00"}',
      '{"actualMinutes":-60,"approval":null,"billableMinutes":-60,"clientId":"cli-1","contractId":"con-1","contractVersion":1,"cost":null,"description":"Worked on the printer","disposition":"billable","invoiceId":null,"itemId":"w-1@a1","kind":"time","net":{"amount":"-150.00","currency":"AUD"},"period":"2026-03","quantity":"-1","sourceEventIds":["ev-w-1"],"standardValue":{"amount":"-150.00","currency":"AUD"},"taxCategory":"GST","ticketId":"T-1","unit":"h","unitPrice":{"amount":"150.00","currency":"AUD"},"workDate":"2026-03-10","workItemId":"w-1"}',
      'basis {"adjustment":{"adjusts":{"documentIds":["inv-1"],"why":"the work was voided or moved out of this period"},"causedBy":null,"from":{"before":"150","now":[]},"writeOffTakenBack":null},"ruleId":"all"}',
      'adjustment: the work was voided or moved out of this period after w-1 was frozen at 150.00 AUD: now 0, difference -150.00 {"currency":"AUD","difference":"-150.00","frozenItemIds":["w-1"],"frozenNet":"150.00","invoiceIds":["inv-1"],"presentNet":"0"}',
      'gap {"cause":"the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later","clientId":"cli-1","dueOn":"2026-04-03","kind":"unbilled","period":"2026-03","sourceEventIds":["ev-w-1","ev-resolved"],"ticketId":"T-1","valueAtRisk":{"minutes":-60,"money":{"amount":"-150.00","currency":"AUD"}},"workItemId":"w-1"}',
    ]);
  });
});
