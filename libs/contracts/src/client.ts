import {
  type Decider,
  type Decision,
  type ForgoingEvent,
  type Issued,
  type Refusal,
  refuse,
  unreachable,
  withoutAgreed,
} from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type { ChangeClientDetails, ClientCommand, RegisterClient } from './commands.js';
import type { ClientEvent, ClientFacts } from './events.js';
import { inspectStatedCalendar, inspectStatedHolidays } from './inspect/calendar.js';
import { type Site, decideSite, evolveSites } from './site.js';
import { problemsNoted } from './problems.js';
import { taxIdProblem } from './tax-id.js';

export type ClientState =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly clientId: string;
      readonly facts: ClientFacts;
      /** In the order of their ids. */
      readonly sites: readonly Site[];
    };

/** An event of `client-{id}`; a request to change details of which less is asked has no effect yet. */
export type ClientStreamEvent = ClientEvent | ForgoingEvent;

/** What a client's details say that can't be meant; empty if there is nothing. */
function problemsOfClient({ timeZone, taxId, taxExemption, taxTreatment = null, calendar, holidays }: ClientFacts) {
  return problemsNoted((note) => {
    if (taxTreatment !== null && taxExemption === null)
      note('taxTreatment', 'needs its legal reason in taxExemption; without one, supplies are taxed');
    const problem = taxId === null ? null : taxIdProblem(taxId, timeZone);
    if (problem !== null) note('taxId', problem);
    inspectStatedCalendar(note, 'calendar', calendar);
    inspectStatedHolidays(note, 'holidays', holidays);
  });
}

function malformed(command: ClientFacts & { readonly clientId: string }): Refusal | null {
  const problems = problemsOfClient(command);
  if (problems.length === 0) return null;
  return refuse(
    'ClientMalformed',
    `The client's details have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
    'Correct what is listed and send the details again.',
    { clientId: command.clientId, problems },
  );
}

function factsOf(command: ClientFacts): ClientFacts {
  const { name, currency, timeZone, taxId, address, taxExemption, taxTreatment = null } = command;
  const { calendar, holidays, paymentTerms, invoices, billTo = null } = command;
  return {
    name,
    currency,
    timeZone,
    taxId,
    address,
    taxExemption,
    ...(taxTreatment === null ? {} : { taxTreatment }),
    ...(calendar === undefined ? {} : { calendar }),
    ...(holidays === undefined ? {} : { holidays }),
    ...(paymentTerms === undefined ? {} : { paymentTerms }),
    ...(invoices === undefined ? {} : { invoices }),
    ...(billTo === null ? {} : { billTo }),
  };
}

function sameFacts(one: ClientFacts, other: ClientFacts): boolean {
  return canonical(one) === canonical(other);
}

function register(command: RegisterClient & Issued, state: ClientState): Decision<ClientEvent> {
  const refusal = malformed(command);
  if (refusal) return refusal;
  const facts = factsOf(command);
  if (state.status === 'registered') {
    if (sameFacts(state.facts, facts)) return [];
    return refuse(
      'ClientAlreadyRegistered',
      `Client ${command.clientId} is already registered, with other details.`,
      `Update it: POST /v1/clients/${command.clientId}/details, or register this one under another id.`,
      { clientId: command.clientId },
    );
  }
  return [
    {
      type: 'ClientRegistered',
      data: { clientId: command.clientId, ...facts },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function clientUnknown(clientId: string): Refusal {
  return refuse(
    'ClientUnknown',
    `No client with id ${clientId}.`,
    'Check the id, or register the client: POST /v1/clients',
    { clientId },
  );
}

function changeDetails(command: ChangeClientDetails & Issued, state: ClientState): Decision<ClientEvent> {
  if (state.status === 'unknown') return clientUnknown(command.clientId);
  const refusal = malformed(command);
  if (refusal) return refusal;
  const facts = factsOf(command);
  if (sameFacts(state.facts, facts)) return [];
  // Rate cards and issued invoices are in the client's currency: a change would leave all of its work without a price.
  if (facts.currency !== state.facts.currency) {
    return refuse(
      'ClientCurrencyFixed',
      `Client ${command.clientId} is invoiced in ${state.facts.currency}; the currency can't be changed to ${facts.currency}.`,
      'Register the client under another id for the new currency.',
      { clientId: command.clientId, currency: state.facts.currency, asked: facts.currency },
    );
  }
  return [
    {
      type: 'ClientDetailsChanged',
      data: { clientId: command.clientId, ...facts },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** A customer of the organisation, with its sites: stream `client-{id}`. */
export const client: Decider<ClientCommand, ClientState, ClientStreamEvent> = {
  initialState: { status: 'unknown' },
  decide(command, state) {
    switch (command.type) {
      case 'RegisterClient':
        return register(command, state);
      case 'ChangeClientDetails':
        return changeDetails(command, state);
      case 'RegisterSite':
      case 'ChangeSiteDetails':
        return state.status === 'unknown' ? clientUnknown(command.clientId) : decideSite(command, state.sites);
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ClientRegistered':
      case 'ClientDetailsChanged': {
        const { clientId, ...facts } = withoutAgreed(event.data);
        return { status: 'registered', clientId, facts, sites: state.status === 'unknown' ? [] : state.sites };
      }
      case 'SiteRegistered':
      case 'SiteDetailsChanged':
        // A site of a client that nobody registered has nowhere to be kept.
        return state.status === 'unknown' ? state : { ...state, sites: evolveSites(state.sites, event) };
      case 'ForgoingRequested':
      case 'ForgoingWithdrawn':
      case 'ForgoingApproved':
      case 'ForgoingRefused':
        return state;
      default:
        return unreachable(event);
    }
  },
};
