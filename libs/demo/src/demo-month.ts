import type { Actor, Instant, LocalDate, Month } from '@billtrail/kernel';
import type { BillingConfiguration, GapKind, LEAK_OF, ValueAtRisk } from '@billtrail/billing';
import type { ContractCommand, RegisterClient, RegisterSite } from '@billtrail/contracts';
import type { TicketCommand, TicketEvent } from '@billtrail/ticketing';

/** One command, with the moment at which it is issued and who issues it. `command.type` is the name of its class. */
export interface DemoStep<Command> {
  readonly command: Command;
  readonly at: Instant;
  readonly by: Actor;
  /** Who agrees where one person may not do it alone, and when. */
  readonly agreed?: { readonly by: Actor; readonly at: Instant };
}

/** The commands of one stream, in their order. Streams don't depend on each other: they may be loaded at the same time. */
export interface DemoStream<Command> {
  /** Id of the client, contract or ticket. */
  readonly id: string;
  /** Whose it is; a caller with the role `client` is a contact of this client. */
  readonly clientId: string;
  readonly steps: readonly DemoStep<Command>[];
}

/**
 * A ticket as another system left it: events with their own times, to be appended as an import does. The live gates would refuse some
 * of its moves, so these are marked `irregular`.
 */
export interface DemoHistory {
  readonly ticketId: string;
  readonly clientId: string;
  readonly importedAt: Instant;
  readonly by: Actor;
  readonly events: readonly TicketEvent[];
}

/** One gap that was put into the month on purpose. */
export interface PlantedGap {
  readonly ticketId: string;
  readonly clientId: string;
  readonly kind: GapKind;
  readonly leak: (typeof LEAK_OF)[GapKind];
  /** What happened, in a sentence. */
  readonly note: string;
  readonly value: ValueAtRisk;
}

/** When and for whom the month is invoiced. */
export interface DemoInvoicing {
  readonly period: Month;
  /** In the order of their ids. */
  readonly clientIds: readonly string[];
  readonly at: Instant;
  readonly issueDate: LocalDate;
  readonly by: Actor;
}

export interface DemoPhases {
  /** Clients first, then contracts: a contract names its client. */
  readonly setup: {
    readonly clients: readonly DemoStream<RegisterClient | RegisterSite>[];
    readonly contracts: readonly DemoStream<ContractCommand>[];
  };
  readonly month: {
    readonly tickets: readonly DemoStream<TicketCommand>[];
    readonly history: readonly DemoHistory[];
  };
  /** Everything that can be billed by now is drafted and issued. */
  readonly invoicing: DemoInvoicing;
  /** What came too late for the invoice: more commands for tickets of the month. */
  readonly afterInvoicing: readonly DemoStream<TicketCommand>[];
  /** What somebody asks for in the end, and a second person has not decided yet. */
  readonly asked: readonly DemoStream<TicketCommand>[];
}

/** A sample month of an invented organisation, with all leaks planted in a known list. */
export interface DemoMonth {
  readonly seed: number;
  readonly month: Month;
  /** The moment at which the configuration is published. */
  readonly startsAt: Instant;
  readonly configuration: BillingConfiguration;
  readonly phases: DemoPhases;
  /** The day on which the reconciliation is taken: the billing delay of every ticket has passed. */
  readonly asOf: LocalDate;
  /** In the order of their tickets; at most one for each ticket. */
  readonly planted: readonly PlantedGap[];
}

export interface DemoSize {
  readonly seed: number;
  readonly month?: Month;
  /** Resolved tickets, those with gaps among them. Some open and cancelled ones come on top. */
  readonly tickets?: number;
  readonly clients?: number;
  readonly engineers?: number;
  /** Tickets with a planted gap. */
  readonly gaps?: number;
}
