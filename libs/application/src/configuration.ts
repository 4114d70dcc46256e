import { localDateIn, type Instant, type LocalDate } from '@billtrail/kernel';
import type { EventStore, Position, RecordedEvent } from '@billtrail/event-store';
import type { CommandPorts } from './command-path/command-definition.js';
import {
  DEFAULT_CONFIGURATION,
  type BillingConfiguration,
  type ConfigurationPublished,
  type PublishedConfiguration,
} from '@billtrail/billing';

export const CONFIGURATION_STREAM = 'configuration';

/** How many events are read at once where requests to publish follow what is in force. */
const REQUESTS_A_PAGE = 8;

/** The configuration in force: the last one published, or the default one until an organisation publishes its own. */
export async function configurationOf(store: Pick<EventStore, 'readStream'>): Promise<BillingConfiguration> {
  let page = { direction: 'backwards', limit: 1 } as { direction: 'backwards'; limit: number; from?: number };
  for (;;) {
    const { events } = await store.readStream(CONFIGURATION_STREAM, page);
    const published = events.find(isPublished);
    if (published !== undefined) return published.data.configuration;
    const from = (events.at(-1)?.version ?? 1) - 1;
    if (from === 0) return DEFAULT_CONFIGURATION;
    // Requests to publish stand there too.
    page = { direction: 'backwards', limit: REQUESTS_A_PAGE, from };
  }
}

/** Every configuration that was published, the one in force last. */
export async function publishedConfigurations(store: EventStore): Promise<readonly PublishedConfiguration[]> {
  const { events } = await store.readStream(CONFIGURATION_STREAM);
  return events.filter(isPublished).map(({ data }) => data.configuration);
}

/** The one that was in force before the event at this position; null: nothing was published until then. */
export async function configurationBefore(
  store: Pick<EventStore, 'readStream'>,
  position: Position,
): Promise<PublishedConfiguration | null> {
  const { events } = await store.readStream(CONFIGURATION_STREAM);
  const last = events.filter(isPublished).findLast((event) => event.position < position.at);
  return last?.data.configuration ?? null;
}

function isPublished(event: RecordedEvent): event is RecordedEvent<ConfigurationPublished> {
  return event.type === 'ConfigurationPublished';
}

/** The organisation's today. */
export function todayOf(configuration: BillingConfiguration, at: Instant): LocalDate {
  return localDateIn(configuration.organisation.timeZone, at);
}

/** The same, for a question: the log is not asked, which may be away. */
export function todayAsked({ models, clock }: Pick<CommandPorts, 'models' | 'clock'>): LocalDate {
  return localDateIn(models.timeZone(), clock());
}

/** The zone in which a day begins first. */
const EARLIEST_DAY_ZONE = 'Pacific/Kiritimati';

/** The latest day that has begun anywhere: what begins after it changes no work that was done. */
export function latestToday(at: Instant): LocalDate {
  return localDateIn(EARLIEST_DAY_ZONE, at);
}
