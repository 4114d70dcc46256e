import { streamName } from '@billtrail/event-store';
import {
  configuration as configurationDecider,
  creditNoteSeriesOf,
  DEFAULT_CONFIGURATION,
  type ConfigurationPublished,
  type DocumentSeries,
  type PublishConfiguration as PublishConfigurationDecision,
} from '@billtrail/billing';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { CONFIGURATION_STREAM } from '../configuration.js';
import * as commands from './billing.commands.js';

/** Adds the series that hold where no configuration names one, as far as they gave numbers. */
async function withUnnamedSeries(
  command: commands.PublishConfiguration,
  _context: CommandContext,
  { store }: CommandPorts,
): Promise<PublishConfigurationDecision> {
  const { events } = await store.readStream(CONFIGURATION_STREAM);
  const configurations = [
    DEFAULT_CONFIGURATION,
    ...(events as readonly ConfigurationPublished[]).map(({ data }) => data.configuration),
  ];
  const byName = new Map(
    [DEFAULT_CONFIGURATION.invoiceSeries, ...configurations.map(creditNoteSeriesOf)].map((one) => [one.series, one]),
  );
  const inUse: DocumentSeries[] = [];
  for (const series of byName.values()) {
    const numbers = await store.readStream(streamName('numbering', series.series), { limit: 1 });
    if (numbers.events.length > 0) inUse.push(series);
  }
  return { ...command, type: 'PublishConfiguration', unnamedSeries: inUse };
}

/** The organisation's configuration: published as a whole, never edited in place. */
export const configurationFamily: CommandFamily = {
  heading: 'Configuration',
  path: 'configuration',
  commands: [
    define({
      command: commands.PublishConfiguration,
      route: { summary: 'Publish a configuration', path: '', adds: true },
      roles: [],
      stream: () => CONFIGURATION_STREAM,
      decider: configurationDecider,
      prepare: withUnnamedSeries,
    }),
  ],
};
