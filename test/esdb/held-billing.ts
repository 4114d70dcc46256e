import { billingCommands as billing, ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import type { RecordedEvent } from '@billtrail/event-store';
import type { House } from '../laws/kit/house.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from '../scenarios/msp.js';
import { ANNA, OMAR } from '../scenarios/people.js';
import { Nodes } from './nodes.js';

const FROM = '2026-04-01T09:00:00+11:00';
const MARCH = '2026-03';
const DAY = '2026-03-10';
const [HERE, THERE] = [
  { invoiceId: 'I1', clientId: 'bluegum', period: MARCH },
  { invoiceId: 'I2', clientId: 'wattle', period: MARCH },
];
const STEPS: readonly CommandClass[] = [billing.DraftInvoice, billing.ApproveInvoice, billing.IssueInvoice];

export interface HeldBilling {
  /** False: billing has fewer appends. */
  readonly isReached: boolean;
  /** The type of what was held back. */
  readonly type: string;
  readonly wrong: readonly string[];
}

/**
 * A node bills the work of a ticket, and one of its appends is on its way for long: meanwhile the other node gives the ticket to another client and bills that one. Then the append arrives, and the
 * first goes on, or was killed meanwhile and somebody asks anew.
 */
export const HeldBilling = {
  async tell(place: number, goesOn: boolean): Promise<HeldBilling> {
    const nodes = await Nodes.open(2, FROM);
    try {
      const [one, other] = nodes.two;
      await worked(Msp.of(one));
      const told = await heldAt(nodes, place, goesOn, async () => {
        const given = { ticketId: 'T1', clientId: THERE.clientId, reason: 'a wrong client' };
        await other.send(tickets.ReclassifyTicket, given, { actor: OMAR });
        await bills(other, THERE);
      });
      // Whoever asked first asks again, for what the other one has left of it.
      await bills(told.isReached && !goesOn ? await nodes.again(0) : one, HERE);
      await nodes.settle();
      const wrong: string[] = [];
      for (const house of nodes.houses) {
        wrong.push(...brokenLaws(await lookAt({ house }, { isSettled: true })));
        wrong.push(...holesIn(await house.events()));
      }
      return { ...told, wrong };
    } finally {
      await nodes.close();
    }
  },
};

async function worked(msp: Msp): Promise<void> {
  await msp.configures({});
  for (const { clientId } of [HERE, THERE]) await msp.signs(clientId);
  for (const ticketId of ['T1', 'T2']) {
    const ticket = await msp.ticket(ticketId, HERE.clientId);
    await ticket.time(`${ticketId}-W`, 60, DAY);
    await ticket.resolves();
  }
}

/** Step by step; what was done before is repeated, and what can't be done any more is refused. */
async function bills(house: House, of: typeof HERE): Promise<void> {
  for (const step of STEPS) await house.send(step, of, { actor: ANNA });
}

async function heldAt(
  { server, two: [one] }: Nodes,
  place: number,
  goesOn: boolean,
  meanwhile: () => Promise<void>,
): Promise<Pick<HeldBilling, 'isReached' | 'type'>> {
  const { store } = one.billtrail;
  const append = store.append.bind(store);
  let appends = 0;
  let type = '';
  const isDead = new Promise<void>((die) => {
    store.append = async (request, claims) => {
      appends += 1;
      if (appends !== place) return append(request, claims);
      type = request.events.at(-1)?.type ?? '';
      const held = server.onTheirWay.next((stream) => stream.endsWith(`.${request.stream}`));
      const appended = append(request, claims);
      await held.isSent;
      await meanwhile();
      held.arrive();
      if (goesOn) return appended;
      await appended.catch(() => undefined);
      die();
      return new Promise(() => undefined);
    };
  });
  await Promise.race([bills(one, HERE), isDead]);
  store.append = append;
  return { isReached: appends >= place, type };
}

/** A series counts from 1, and gives each number once. */
function holesIn(events: readonly RecordedEvent[]): readonly string[] {
  const numbers = events.flatMap(({ type, data }) =>
    type === 'DocumentNumberAssigned' ? [(data as { readonly number: number }).number] : [],
  );
  return numbers.every((number, index) => number === index + 1) ? [] : [`numbers ${numbers.join(', ')}`];
}
