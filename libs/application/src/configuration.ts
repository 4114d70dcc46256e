import { localDateIn, type Instant, type LocalDate } from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';
import { DEFAULT_CONFIGURATION, type BillingConfiguration, type ConfigurationPublished } from '@billtrail/billing';

export const CONFIGURATION_STREAM = 'configuration';

/** The configuration in force: the last one published, or the default one until an organisation publishes its own. */
export async function configurationOf(store: EventStore): Promise<BillingConfiguration> {
  const { events } = await store.readStream(CONFIGURATION_STREAM, { direction: 'backwards', limit: 1 });
  return (events[0] as ConfigurationPublished | undefined)?.data.configuration ?? DEFAULT_CONFIGURATION;
}

/** The organisation's today. */
export function todayOf(configuration: BillingConfiguration, at: Instant): LocalDate {
  return localDateIn(configuration.organisation.timeZone, at);
}
