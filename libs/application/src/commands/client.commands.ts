import { IsArray, IsObject, IsOptional } from 'class-validator';
import { isRefusal, type Currency, type Instant, type LocalDate, type TimeZone } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  CLIENT_TAX_TREATMENTS,
  client as clientDecider,
  type ClassCalendar,
  type ClientTaxTreatment,
  type Holiday,
  type SiteTravel,
} from '@billtrail/contracts';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import {
  CommandName,
  IsACurrency,
  IsALocalDate,
  IsAnId,
  IsAnInstant,
  IsATimeZone,
  IsLine,
  IsOneOf,
  IsText,
  MayBeLeftOut,
} from './fields.js';
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
  @IsLine(200)
  name: string;
  @IsACurrency()
  currency: Currency;
  /** The client's days and billing periods are days and months in this zone. */
  @IsATimeZone()
  timeZone: TimeZone;
  /** ABN or VAT id. */
  @IsOptional()
  @IsLine(30)
  taxId: string | null = null;
  @IsOptional()
  @IsText(1_000)
  address: string | null = null;
  /** The legal reason, if supplies bear no tax by default. A tax category that states its treatment is not concerned. */
  @IsOptional()
  @IsLine()
  taxExemption: string | null = null;
  /** Which treatment that is; by default `gst-free`. */
  @IsOptional()
  @IsOneOf(CLIENT_TAX_TREATMENTS)
  taxTreatment: ClientTaxTreatment | null = null;
  /** Class hours of work, where contract and site state none: `{"hours": {"monday": [{"opens": "08:00", "closes": "18:00"}]}}`. */
  @MayBeLeftOut()
  @IsObject()
  calendar?: ClassCalendar;
  /** Holidays of work, where its site states none: `[{"date": "2026-12-24", "name": "Christmas Eve", "from": "18:00"}]`. By default the organisation's. */
  @MayBeLeftOut()
  @IsArray()
  holidays?: readonly Holiday[];
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
  @IsLine(200)
  name: string;
  @IsOptional()
  @IsText(1_000)
  address: string | null = null;
  /** Days, months and hours of work at the site are those of this zone; by default the client's. */
  @IsOptional()
  @IsATimeZone()
  timeZone: TimeZone | null = null;
  /** Class hours of work at the site, where the contract states none; by default the client's. */
  @IsOptional()
  @IsObject()
  calendar: ClassCalendar | null = null;
  /** Holidays at the site, each with date and name, a part of a day with `from` and `to`; by default the client's. */
  @IsOptional()
  @IsArray()
  holidays: readonly Holiday[] | null = null;
  /** The client that receives and pays the documents, where that is another one. */
  @IsOptional()
  @IsAnId()
  billTo: string | null = null;
  /** The way there, which travel terms charge for: `{"zone": "country", "minutes": 50, "kilometres": "64"}`, one way. */
  @MayBeLeftOut()
  @IsObject()
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
    }),
    define({
      command: ChangeClientDetails,
      roles: ['accounts'],
      route: { summary: 'Update a client', path: ':clientId/details' },
      stream: clientStream,
      decider: clientDecider,
      prepare: async (command, _context, { store }) => {
        const known = await clientOf(store, command.clientId);
        return isRefusal(known) ? known : command;
      },
    }),
    define({
      command: RegisterSite,
      roles: ['operations', 'accounts'],
      route: { summary: 'Register a site of a client', path: ':clientId/sites', adds: true, makes: { siteId: 's' } },
      stream: clientStream,
      decider: clientDecider,
      prepare: ofKnownClients,
    }),
    define({
      command: ChangeSiteDetails,
      roles: ['operations', 'accounts'],
      route: { summary: 'Change a site from a day on', path: ':clientId/sites/:siteId/details' },
      stream: clientStream,
      decider: clientDecider,
      prepare: ofKnownClients,
    }),
  ],
};

/** The client of a site, and the one that pays, must be registered. */
async function ofKnownClients<C extends SiteFields>(command: C, _context: CommandContext, { store }: CommandPorts) {
  for (const clientId of [command.clientId, command.billTo]) {
    const known = clientId === null ? null : await clientOf(store, clientId);
    if (isRefusal(known)) return known;
  }
  return command;
}
