import { refuse, type Refusal } from '@billtrail/kernel';
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
import { CONFIGURATION_STREAM, configurationOf } from '../configuration.js';
import { expandedSets, problemsOfPlaces } from '../holidays/public-holidays.js';
import * as commands from './billing.commands.js';

/** Works out the public holidays of its sets, and adds who names calendars and sets. Refuses: ConfigurationMalformed. */
async function prepared(
  command: commands.PublishConfiguration,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<PublishConfigurationDecision | Refusal> {
  const { configuration } = command;
  const { holidaySets } = configuration;
  const problems = problemsOfPlaces(holidaySets ?? {});
  if (problems.length > 0) {
    return refuse(
      'ConfigurationMalformed',
      `The configuration has ${problems.length} problem(s): ${problems.map((one) => `${one.path} ${one.problem}`).join('; ')}.`,
      'Correct what is listed and publish the whole configuration again; nothing of it took effect.',
      { problems },
    );
  }
  await ports.upToDateToMend();
  const before = await configurationOf(ports.store);
  const sets = holidaySets && { holidaySets: expandedSets(holidaySets, before.holidaySets ?? {}) };
  return {
    ...command,
    type: 'PublishConfiguration',
    configuration: { ...configuration, ...sets },
    unnamedSeries: await unnamedSeries(ports),
    inUse: await ports.models.contractTerms.sharedNames(),
  };
}

/** The series that hold where no configuration names one, as far as they gave numbers. */
async function unnamedSeries({ store }: CommandPorts): Promise<readonly DocumentSeries[]> {
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
  return inUse;
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
      prepare: prepared,
    }),
  ],
};
