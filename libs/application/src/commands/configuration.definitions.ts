import { isRefusal, refuse, type ForgoingFacts, type Refusal } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  configuration as configurationDecider,
  creditNoteSeriesOf,
  DEFAULT_CONFIGURATION,
  loosenedBy,
  type ConfigurationEvent,
  type ConfigurationState,
  type DocumentSeries,
  type PublishConfiguration as PublishConfigurationDecision,
} from '@billtrail/billing';
import { define, type AtDecision, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { CONFIGURATION_STREAM, configurationOf, latestToday, publishedConfigurations } from '../configuration.js';
import { expandedSets, problemsOfPlaces } from '../holidays/public-holidays.js';
import { approversOf } from './approvers.js';
import * as commands from './billing.commands.js';

type Prepared = PublishConfigurationDecision & {
  /** Whoever sends it. */
  readonly sentBy: string;
};

/** Works out the public holidays of its sets, and adds who names calendars and sets. Refuses: ConfigurationMalformed. */
async function prepared(
  command: commands.PublishConfiguration,
  { actor }: CommandContext,
  ports: CommandPorts,
): Promise<Prepared | Refusal> {
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
    sentBy: actor.id,
    unnamedSeries: await unnamedSeries(ports),
    inUse: await ports.models.contractTerms.sharedNames(),
  };
}

/**
 * What another person must agree to (ADR 26). Nobody has to in the first configuration, with which an organisation begins, nor where the log knows nobody else who
 * could: one person alone is bound to nothing by it. It is held beside what is in force at the decision. Refuses: ReadModelsDiffer.
 */
function loosened(
  { sentBy }: Prepared,
  { configuration: before }: ConfigurationState,
  decided: readonly ConfigurationEvent[],
  { at, models }: AtDecision,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  const [event] = decided;
  if (before === null || event?.type !== 'ConfigurationPublished') return null;
  const loosens = loosenedBy(before, event.data.configuration, latestToday(at));
  if (loosens.length === 0) return null;
  const isForTwo = models.approvals.isAnotherGivenNow(sentBy, approversOf('configure'));
  if (isRefusal(isForTwo)) return isForTwo;
  if (!isForTwo) return null;
  return { target: CONFIGURATION_STREAM, clientId: null, period: null, forgone: [], workBy: [], loosens };
}

/** The series that hold where no configuration names one, as far as they gave numbers. */
async function unnamedSeries({ store }: CommandPorts): Promise<readonly DocumentSeries[]> {
  const configurations = [DEFAULT_CONFIGURATION, ...(await publishedConfigurations(store))];
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
      forgoes: {
        act: 'configure',
        of: loosened,
      },
    }),
  ],
};
