import {
  DEFAULT_CONFIGURATION,
  type BillingConfiguration,
  type ConfigurationPublished,
  type RatedAgain,
  ratedAgainBy,
} from '@billtrail/billing';
import {
  canonical,
  daysOfSet,
  type SharedCalendars,
  type StatedCalendar,
  type StatedHolidays,
} from '@billtrail/contracts';
import { namedIn, unreachable } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { FactsMemory } from './memory.js';
import type { StaleMarks } from './stale-marks.js';
import { CLIENTS, CONFIGURATION, CONTRACTS, THE_ONE, type ActivatedContract, type ClientRow } from './tables.js';

/** Keeps the configuration in force, and marks what a new one has rated again: only what the sections that changed are about. */
export class ConfigurationFactsFold {
  private readonly stored;
  private readonly put;
  private readonly clients;
  private readonly contractsOf;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
    private readonly memory: FactsMemory,
  ) {
    this.stored = database.rows(CONFIGURATION, '');
    this.put = database.insert(CONFIGURATION, 'OR REPLACE');
    this.clients = database.rows(CLIENTS, '');
    this.contractsOf = database.rows(CONTRACTS, 'WHERE client_id = ? ORDER BY contract_id');
  }

  apply({ data: { configuration }, position, actor }: RecordedOf<ConfigurationPublished>): void {
    const before: BillingConfiguration = this.stored.get()?.configuration ?? DEFAULT_CONFIGURATION;
    this.put({ id: THE_ONE, configuration, position, publishedBy: actor.id });
    this.memory.configuration = null;
    const rated = ratedAgainBy(before, configuration);
    if (rated.has('everything')) return this.marks.everything();
    for (const what of rated) if (what !== 'everything') this.mark(what, before, configuration);
  }

  /** The clients whose places or contracts have other hours or holidays than before. */
  private places(before: BillingConfiguration, after: BillingConfiguration): void {
    for (const client of this.clients.all()) {
      const contracts = this.contractsOf.all(client.clientId).map(({ state }) => state);
      if (takenBy(client, contracts, before) !== takenBy(client, contracts, after)) this.marks.client(client.clientId);
    }
  }

  /** The clients with contracts that name a card whose prices are others. */
  private cards(
    { rateCards: before = {} }: BillingConfiguration,
    { rateCards: after = {} }: BillingConfiguration,
  ): void {
    for (const { clientId } of this.clients.all()) {
      const named = this.contractsOf
        .all(clientId)
        .flatMap(({ state }) => state.versions.flatMap(({ terms }) => terms.rateCard.card ?? []));
      const isOther = named.some(
        (card) => canonical(namedIn(before, card) ?? null) !== canonical(namedIn(after, card) ?? null),
      );
      if (isOther) this.marks.client(clientId);
    }
  }

  private mark(
    what: Exclude<RatedAgain, 'everything'>,
    before: BillingConfiguration,
    after: BillingConfiguration,
  ): void {
    switch (what) {
      case 'tickets':
        return this.marks.tickets();
      case 'places':
        return this.places(before, after);
      case 'cards':
        return this.cards(before, after);
      case 'nothing':
        return;
      default:
        return unreachable(what);
    }
  }
}

interface Stated {
  readonly calendar?: StatedCalendar | null | undefined;
  readonly holidays?: StatedHolidays | null | undefined;
}

/** What is named, as a configuration has it: the hours and the days. null: nothing is named, or there is nothing of that name. */
function spelt({ calendar, holidays }: Stated, { calendars = {}, holidaySets = {} }: SharedCalendars): unknown {
  const hours = typeof calendar === 'string' ? namedIn(calendars, calendar) : undefined;
  const set = typeof holidays === 'string' ? namedIn(holidaySets, holidays) : undefined;
  return [hours ?? null, set === undefined ? null : daysOfSet(set)];
}

/** All that the places and contracts of a client take from a configuration. */
function takenBy({ state }: ClientRow, contracts: readonly ActivatedContract[], configuration: BillingConfiguration) {
  const { facts, sites } = state;
  const { organisation } = configuration;
  // What a client does not state is the organisation's.
  const own = [
    facts.calendar === undefined ? [organisation.calendar, spelt(organisation, configuration)] : null,
    facts.holidays === undefined ? [organisation.holidays, spelt(organisation, configuration)] : null,
  ];
  const stated: readonly Stated[] = [
    facts,
    ...sites.flatMap(({ details }) => details),
    ...contracts.flatMap(({ versions }) => versions.map(({ terms }) => terms.rateCalendar ?? {})),
  ];
  return canonical([own, stated.map((one) => spelt(one, configuration))]);
}
