import { IsOptional } from 'class-validator';
import {
  isRefusal,
  refuse,
  type Currency,
  type Instant,
  type LocalDate,
  type Refusal,
  type TimeZone,
} from '@billtrail/kernel';
import { streamName, type EventStore, type Position } from '@billtrail/event-store';
import type { ReadModels } from '@billtrail/read-models';
import {
  client as clientDecider,
  clientDetails,
  inspectNamed,
  problemsNoted,
  siteDetails,
  type ClientCommand,
  type ClientState,
  type ClientStreamEvent,
  type StatedCalendar,
  type ClientTaxTreatment,
  type InvoiceGrouping,
  type StatedHolidays,
  type PaymentTerms,
  type SiteTravel,
} from '@billtrail/contracts';
import { define, type AtDecision, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { configurationOf } from '../configuration.js';
import { CommandName, Field, IsALocalDate, IsAnId, IsAnInstant, MayBeLeftOut } from './fields.js';
import { billToProblem } from './bill-to.js';
import { forgoneByDetails } from './client-details.js';
import { clientOf } from './references.js';

const clientStream = (command: { clientId: string }) => streamName('client', command.clientId);

abstract class OfClient {
  @IsAnId()
  clientId: string;
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

abstract class ClientFields extends OfClient {
  @Field(clientDetails.name)
  name: string;
  @Field(clientDetails.currency)
  currency: Currency;
  @Field(clientDetails.timeZone)
  timeZone: TimeZone;
  @Field(clientDetails.taxId)
  taxId: string | null = null;
  @Field(clientDetails.address)
  address: string | null = null;
  @Field(clientDetails.taxExemption)
  taxExemption: string | null = null;
  @Field(clientDetails.taxTreatment)
  taxTreatment: ClientTaxTreatment | null = null;
  @MayBeLeftOut()
  @Field(clientDetails.calendar)
  calendar?: StatedCalendar;
  @MayBeLeftOut()
  @Field(clientDetails.holidays)
  holidays?: StatedHolidays;
  @MayBeLeftOut()
  @Field(clientDetails.paymentTerms)
  paymentTerms?: PaymentTerms;
  @MayBeLeftOut()
  @Field(clientDetails.invoices)
  invoices?: InvoiceGrouping;
  @Field(clientDetails.billTo)
  billTo: string | null = null;
}

export class RegisterClient extends ClientFields {
  @CommandName('RegisterClient')
  readonly type = 'RegisterClient';
}

export class ChangeClientDetails extends ClientFields {
  @CommandName('ChangeClientDetails')
  readonly type = 'ChangeClientDetails';
}

abstract class SiteFields extends OfClient {
  @IsAnId()
  siteId: string;
  /** The day from which these details hold, at the site; it may be in the past. */
  @IsALocalDate()
  from: LocalDate;
  @Field(siteDetails.name)
  name: string;
  @Field(siteDetails.address)
  address: string | null = null;
  @Field(siteDetails.timeZone)
  timeZone: TimeZone | null = null;
  @Field(siteDetails.calendar)
  calendar: StatedCalendar | null = null;
  @Field(siteDetails.holidays)
  holidays: StatedHolidays | null = null;
  @Field(siteDetails.billTo)
  billTo: string | null = null;
  /** The way there, which travel terms charge for: `{"zone": "country", "minutes": 50, "kilometres": "64"}`, one way. */
  @MayBeLeftOut()
  @Field(siteDetails.travel)
  travel?: SiteTravel;
}

export class RegisterSite extends SiteFields {
  @CommandName('RegisterSite')
  readonly type = 'RegisterSite';
}

export class ChangeSiteDetails extends SiteFields {
  @CommandName('ChangeSiteDetails')
  readonly type = 'ChangeSiteDetails';
}

/** Details of a client by which its work may be asked less: an act that forgoes money. */
const ofDetails = {
  stream: clientStream,
  decider: clientDecider,
  collect: (known: ClientCommand, _context: CommandContext, models: ReadModels, from: Position) =>
    models.settled(from, () => known),
  forgoes: {
    act: 'back-date',
    of: (_known: ClientCommand, state: ClientState, decided: readonly ClientStreamEvent[], now: AtDecision) =>
      forgoneByDetails(state, decided, now),
  },
} as const;

export const clientFamily: CommandFamily = {
  heading: 'Clients',
  path: 'clients',
  commands: [
    define({
      command: RegisterClient,
      roles: ['operations', 'accounts'],
      route: { summary: 'Register a client', path: '', adds: true, makes: { clientId: 'c' } },
      stream: clientStream,
      decider: clientDecider,
      prepare: async (command, _context, { store }) =>
        (await billToProblem(store, command.billTo, command)) ?? (await sharedProblem(store, command)) ?? command,
    }),
    define({
      command: ChangeClientDetails,
      roles: ['accounts'],
      route: { summary: 'Update a client', path: ':clientId/details' },
      ...ofDetails,
      prepare: async (command, _context, ports) => {
        const { store } = ports;
        const known = await clientOf(store, command.clientId);
        if (isRefusal(known)) return known;
        const problem = (await billToProblem(store, command.billTo, command)) ?? (await sharedProblem(store, command));
        return problem ?? onReadModels(command, ports);
      },
    }),
    define({
      command: RegisterSite,
      roles: ['operations', 'accounts'],
      route: { summary: 'Register a site of a client', path: ':clientId/sites', adds: true, makes: { siteId: 's' } },
      ...ofDetails,
      prepare: ofKnownClients,
    }),
    define({
      command: ChangeSiteDetails,
      roles: ['operations', 'accounts'],
      route: { summary: 'Change a site from a day on', path: ':clientId/sites/:siteId/details' },
      ...ofDetails,
      prepare: ofKnownClients,
    }),
  ],
};

/** The client of a site, and the one that pays, must be registered. */
async function ofKnownClients<C extends SiteFields>(command: C, _context: CommandContext, ports: CommandPorts) {
  const { store } = ports;
  const known = await clientOf(store, command.clientId);
  if (isRefusal(known)) return known;
  const problem = (await billToProblem(store, command.billTo, known)) ?? (await sharedProblem(store, command));
  return problem ?? onReadModels(command, ports);
}

/** What it forgoes is worked out on read models that know all that is recorded. */
async function onReadModels<C>(command: C, ports: CommandPorts): Promise<C> {
  await ports.upToDateToMend();
  return command;
}

/** A calendar or holiday set that is named must be one of the configuration. */
async function sharedProblem(
  store: EventStore,
  { calendar, holidays }: { readonly calendar?: StatedCalendar | null; readonly holidays?: StatedHolidays | null },
): Promise<Refusal | null> {
  if (typeof calendar !== 'string' && typeof holidays !== 'string') return null;
  const shared = await configurationOf(store);
  const problems = problemsNoted((note) => {
    inspectNamed(note, 'calendar', calendar, 'calendars', shared);
    inspectNamed(note, 'holidays', holidays, 'holidaySets', shared);
  });
  if (problems.length === 0) return null;
  return refuse(
    'SharedNameUnknown',
    `${problems.map(({ path, problem }) => `${path}: ${problem}`).join('; ')}.`,
    'Name one that there is, or add it to the configuration: billtrail config publish FILE, or POST /v1/configuration.',
    { problems },
  );
}
