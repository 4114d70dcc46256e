import { invariant } from '@billtrail/kernel';
import type { ContractTerms, SlaPolicy } from '@billtrail/contracts';
import { MAX_READ, START, type RecordedEvent } from '@billtrail/event-store';
import type { SlaEvent } from '@billtrail/ticketing';
import { PUBLISHED_SERVICE_LEVELS } from '@billtrail/contracts/testing';
import type { Msp } from './msp.js';

/** A published policy. */
export function publishedPolicy(id: string): SlaPolicy {
  const published = PUBLISHED_SERVICE_LEVELS.find((one) => one.id === id);
  invariant(published, `nobody published ${id}`);
  return published.policy;
}

/** A fee of 900.00 a month, and 5 % of it back for each target of a critical ticket that was missed. */
export function managed(policy: SlaPolicy): Partial<ContractTerms> {
  return {
    recurringCharges: [
      { id: 'fee', name: 'Monthly fee', basis: 'fixed', price: '900.00', billed: 'in-advance', taxCategory: 'GST' },
    ],
    serviceLevels: {
      policy,
      credits: [
        {
          id: 'late',
          name: 'Late resolution of a critical ticket',
          target: 'resolution',
          priorities: ['critical'],
          credit: { kind: 'percent-of-recurring', percent: '5' },
          taxCategory: 'GST',
        },
      ],
    },
  };
}

/** The SLA events of a ticket: `SlaBreached resolution of P1 ...`. */
export async function slaEventsOf(msp: Msp, ticketId: string): Promise<readonly RecordedEvent<SlaEvent>[]> {
  const { events } = await msp.house.billtrail.store.readAll({
    after: START,
    limit: MAX_READ,
    types: ['SlaWarned', 'SlaBreached', 'SlaBreachWithdrawn'],
  });
  return events.filter(({ stream }) => stream === `ticket-${ticketId}`) as readonly RecordedEvent<SlaEvent>[];
}

/** `SlaWarned resolution 50`, `SlaBreached resolution`, `SlaBreachWithdrawn resolution in-time`. */
export async function slaStory(msp: Msp, ticketId: string): Promise<readonly string[]> {
  await msp.house.settle();
  return (await slaEventsOf(msp, ticketId)).map(({ type, data }) =>
    [type, data.target, ...('percent' in data ? [data.percent] : []), ...('reason' in data ? [data.reason] : [])].join(
      ' ',
    ),
  );
}

/** The charges of a client-period: `late billable -45.00`. */
export async function chargesOf(msp: Msp, clientId: string, period: string): Promise<readonly string[]> {
  await msp.house.settle();
  const charges = await msp.house.billtrail.models.charges.ofPeriod(clientId, period);
  return charges.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
}
