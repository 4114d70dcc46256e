import { type Actor, type Instant, addDays, invariant, isMonth } from '@billtrail/kernel';
import type { ActivateContract, ContractCommand, RegisterClient } from '@billtrail/contracts';
import type { TicketCommand } from '@billtrail/ticketing';
import { DemoCalendar, dateOf, dayOf, wallAt } from './calendar.js';
import { type ClientPlan, type ContractPlan, planClients } from './clients.js';
import { CURRENCY, DEMO_CONFIGURATION, TIME_ZONE } from './configuration.js';
import type { DemoHistory, DemoMonth, DemoPhases, DemoSize, DemoStream, PlantedGap } from './demo-month.js';
import { tellHistory } from './history.js';
import { ACCOUNTS } from './people.js';
import { planTickets } from './plan-tickets.js';
import { plantedGap } from './planted.js';
import { Random } from './random.js';
import { clientWithSites, payerOfSites, sitesOf } from './sites.js';
import { tellTicket } from './tell-ticket.js';
import { type Frame, frameOf } from './ticket-script.js';
import { Workforce, engineersOf } from './workforce.js';

/** The seed of the sample month that the documentation shows. */
export const DEMO_SEED = 20_260_301;
/** Most tickets of one sample. */
export const MAX_DEMO_TICKETS = 1_000_000;
/** Days that the reconciliation is taken after the last billing delay has passed. */
const DAYS_AFTER_DELAY = 6;
/** Minutes from when late work is entered to when somebody would have some of it voided. */
const ASKED_MINUTES = 1_500;

/**
 * A sample month from a seed: the same arguments give the same month, to the letter. Nobody in it exists.
 *
 * Of `tickets` resolved tickets exactly `gaps` leave a gap, one each, and `planted` lists them; all others are invoiced or covered once the
 * phases are carried out in their order. Throws on less than 4 clients, no engineer, or more gaps than tickets.
 */
export function generateMonth(size: DemoSize): DemoMonth {
  const { seed, month = '2026-03', tickets = 847, clients = 50, engineers = 10, gaps = 57 } = size;
  invariant(isMonth(month), `not a month: ${month}`);
  invariant(
    Number.isInteger(tickets) && tickets >= 1 && tickets <= MAX_DEMO_TICKETS,
    `1 to ${MAX_DEMO_TICKETS} tickets, got ${tickets}`,
  );
  invariant(Number.isInteger(gaps) && gaps >= 0 && gaps <= tickets, `0 to ${tickets} gaps, got ${gaps}`);
  invariant(Number.isInteger(engineers) && engineers >= 1, `at least one engineer, got ${engineers}`);
  const random = new Random(seed);
  const calendar = new DemoCalendar(month, TIME_ZONE);
  const frame = frameOf(calendar);
  const plans = planClients(clients, calendar, random);
  const setupDay = calendar.businessDayAfter(calendar.firstDay - 8);
  const workforce = new Workforce(engineersOf(engineers), calendar);
  const told = tellTickets(plans, { tickets, gaps }, frame, workforce, random);
  return {
    seed,
    month,
    startsAt: calendar.instantOf(wallAt(setupDay, 9 * 60)),
    configuration: DEMO_CONFIGURATION,
    phases: {
      setup: setupOf(plans, setupDay, calendar),
      month: { tickets: told.tickets, history: told.history },
      invoicing: {
        period: month,
        clientIds: plans.map((client) => client.clientId),
        at: calendar.instantOf(frame.invoicing),
        issueDate: dateOf(dayOf(frame.invoicing)),
        by: ACCOUNTS,
      },
      afterInvoicing: told.afterInvoicing,
      asked: askedIn(told.afterInvoicing, calendar.instantOf(frame.lateWork + ASKED_MINUTES)),
    },
    asOf: addDays(dateOf(calendar.lastDay), DEMO_CONFIGURATION.unbilledAfterDays + DAYS_AFTER_DELAY),
    planted: told.planted,
  };
}

/** The engineer who logged an hour too late would have it voided: worth something, and nobody has agreed yet. */
function askedIn(late: readonly DemoStream<TicketCommand>[], at: Instant): readonly DemoStream<TicketCommand>[] {
  for (const { id, clientId, steps } of late) {
    for (const { command, by } of steps) {
      if (command.type !== 'LogTimeEntry') continue;
      const { ticketId, timeEntryId } = command;
      const voided = { type: 'VoidTimeEntry', ticketId, timeEntryId, reason: 'it was part of another visit' } as const;
      return [{ id, clientId, steps: [{ command: voided, at, by }] }];
    }
  }
  return [];
}

interface Told {
  readonly tickets: DemoStream<TicketCommand>[];
  readonly history: DemoHistory[];
  readonly afterInvoicing: DemoStream<TicketCommand>[];
  readonly planted: PlantedGap[];
}

function tellTickets(
  clients: readonly ClientPlan[],
  numbers: { readonly tickets: number; readonly gaps: number },
  frame: Frame,
  workforce: Workforce,
  random: Random,
): Told {
  const told: Told = { tickets: [], history: [], afterInvoicing: [], planted: [] };
  for (const plan of planTickets(numbers, clients, frame.calendar, random)) {
    const { ticketId: id, leak } = plan;
    const { clientId } = plan.client;
    if (leak === 'work-never-recorded') {
      told.history.push(tellHistory(plan, frame, workforce, random));
      told.planted.push(plantedGap(plan, leak, { done: [], goods: null }));
      continue;
    }
    const story = tellTicket(plan, frame, workforce, random);
    told.tickets.push({ id, clientId, steps: story.steps });
    if (story.lateSteps.length > 0) told.afterInvoicing.push({ id, clientId, steps: story.lateSteps });
    if (leak !== null) told.planted.push(plantedGap(plan, leak, story));
  }
  return told;
}

function setupOf(clients: readonly ClientPlan[], day: number, calendar: DemoCalendar): DemoPhases['setup'] {
  const at = calendar.instantOf(wallAt(day, 10 * 60));
  const withSites = clientWithSites(clients);
  const payer = payerOfSites(clients);
  return {
    clients: clients.map((client) => ({
      id: client.clientId,
      clientId: client.clientId,
      steps: [registration(client), ...(client === withSites ? sitesOf(client, dateOf(day)) : [])].map((command) => ({
        command,
        at,
        by: ACCOUNTS,
      })),
    })),
    contracts: clients.flatMap((client) =>
      client.contracts.map((contract) =>
        contractStream(client, client === withSites ? paidBy(payer, contract) : contract, at, ACCOUNTS),
      ),
    ),
  };
}

function registration(client: ClientPlan): RegisterClient {
  const { clientId, name, timeZone, taxId, address } = client;
  // Nobody here is invoiced without tax: a diplomatic mission is charged GST too, and claims it back.
  return { type: 'RegisterClient', clientId, name, currency: CURRENCY, timeZone, taxId, address, taxExemption: null };
}

/** The contract with its bill-to, where another client pays. */
function paidBy(payer: ClientPlan | null, contract: ContractPlan): ContractPlan {
  return payer === null ? contract : { ...contract, terms: { ...contract.terms, billTo: payer.clientId } };
}

function contractStream(
  client: ClientPlan,
  contract: ContractPlan,
  at: string,
  by: Actor,
): DemoStream<ContractCommand> {
  const { contractId, name, priority, terms, effectiveFrom, lastDay, life } = contract;
  const { clientId } = client;
  const activate: ActivateContract = {
    type: 'ActivateContract',
    contractId,
    clientId,
    name,
    priority,
    effectiveFrom,
    effectiveTo: null,
    terms,
    // Tickets of such a client name their contract; of a lapsed one the new term may be signed before the old one is ended.
    ...(client.contracts.length > 1 ? { allowOverlap: true } : {}),
  };
  const steps: DemoStream<ContractCommand>['steps'] = [
    { command: activate, at, by },
    ...life.map((command) => ({ command, at, by })),
    ...(lastDay === null
      ? []
      : [
          {
            command: { type: 'TerminateContract', contractId, lastDay, reason: 'a new term follows' } as const,
            at,
            by,
          },
        ]),
  ];
  return { id: contractId, clientId, steps };
}
