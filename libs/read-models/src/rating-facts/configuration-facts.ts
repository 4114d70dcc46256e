import {
  DEFAULT_CONFIGURATION,
  type BillingConfiguration,
  type ConfigurationPublished,
  type RatedAgain,
  ratedAgainBy,
} from '@billtrail/billing';
import { unreachable } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import type { RecordedOf } from '../runner/projection.js';
import type { FactsMemory } from './memory.js';
import type { StaleMarks } from './stale-marks.js';
import { CLIENTS, CONFIGURATION, THE_ONE, type ClientRow } from './tables.js';

/** Keeps the configuration in force, and marks what a new one has rated again: only what the sections that changed are about. */
export class ConfigurationFactsFold {
  private readonly stored;
  private readonly put;
  private readonly clients;

  constructor(
    database: ReadDatabase,
    private readonly marks: StaleMarks,
    private readonly memory: FactsMemory,
  ) {
    this.stored = database.rows(CONFIGURATION, '');
    this.put = database.insert(CONFIGURATION, 'OR REPLACE');
    this.clients = database.rows(CLIENTS, '');
  }

  apply({ data: { configuration } }: RecordedOf<ConfigurationPublished>): void {
    const before: BillingConfiguration = this.stored.get()?.configuration ?? DEFAULT_CONFIGURATION;
    this.put({ id: THE_ONE, configuration });
    this.memory.configuration = null;
    const rated = ratedAgainBy(before, configuration);
    if (rated.has('everything')) return this.marks.everything();
    for (const what of rated) if (what !== 'everything') this.mark(what);
  }

  private mark(what: Exclude<RatedAgain, 'everything'>): void {
    switch (what) {
      case 'tickets':
        return this.marks.tickets();
      case 'places':
        for (const client of this.clients.all()) if (asksOrganisation(client)) this.marks.client(client.clientId);
        return;
      case 'nothing':
        return;
      default:
        return unreachable(what);
    }
  }
}

/** True of a client whose work may have the class hours or the holidays of the organisation. */
function asksOrganisation({ state }: ClientRow): boolean {
  return state.facts.calendar === undefined || state.facts.holidays === undefined;
}
