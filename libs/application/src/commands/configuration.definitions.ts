import {
  isRefusal,
  localDateIn,
  refuse,
  type ForgoingFacts,
  type Instant,
  type Refusal,
  type TimeZone,
} from '@billtrail/kernel';
import { Position, streamName, type RecordedEvent } from '@billtrail/event-store';
import { beginningOf, type Beginning } from '../deciding/beginning.js';
import {
  configuration as configurationDecider,
  creditNoteSeriesOf,
  DEFAULT_CONFIGURATION,
  loosenedBy,
  type ConfigurationEvent,
  type ConfigurationPublished,
  type ConfigurationState,
  type DocumentSeries,
  type PublishConfiguration as PublishConfigurationDecision,
} from '@billtrail/billing';
import { define, type AtDecision, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext, CommandWarning } from '../command-path/command-envelope.js';
import {
  CONFIGURATION_STREAM,
  configurationBefore,
  configurationOf,
  latestToday,
  publishedConfigurations,
} from '../configuration.js';
import { expandedSets, problemsOfPlaces } from '../holidays/public-holidays.js';
import { approversOf } from '../deciding/approvers.js';
import * as commands from './billing.commands.js';

type Prepared = PublishConfigurationDecision & {
  /** Whoever sends it. */
  readonly sentBy: string;
  /** By the clock, whatever the caller says of when it was done. */
  readonly sentAt: Instant;
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
    sentAt: ports.clock(),
    unnamedSeries: await unnamedSeries(ports),
    inUse: await ports.models.contractTerms.sharedNames(),
  };
}

/**
 * What another person must agree to (ADR 26). Nobody has to in the first configuration, with which an organisation begins, nor where the log knows nobody else who
 * could, or only whom they registered themselves in the last 30 days: one person alone is bound to nothing by it. It is held beside what is in force at the decision. Refuses: ReadModelsDiffer.
 */
function loosened(
  { sentBy, sentAt }: Prepared,
  { configuration: before }: ConfigurationState,
  decided: readonly ConfigurationEvent[],
  { at, models }: AtDecision,
): Omit<ForgoingFacts, 'act'> | Refusal | null {
  const [event] = decided;
  if (before === null || event?.type !== 'ConfigurationPublished') return null;
  const loosens = loosenedBy(before, event.data.configuration, latestToday(at));
  if (loosens.length === 0) return null;
  const others = models.approvals.othersGivenNow(sentBy, approversOf('configure'));
  if (isRefusal(others)) return others;
  if (beginningOf(others, sentBy, sentAt) !== null) return null;
  return { target: CONFIGURATION_STREAM, clientId: null, period: null, forgone: [], workBy: [], loosens };
}

/** That nobody had to agree to what it loosens, and until when that is so. */
async function warned(
  _command: commands.PublishConfiguration,
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const { events } = await ports.store.readStream(CONFIGURATION_STREAM, { direction: 'backwards', limit: 1 });
  const [last] = events;
  if (last?.type !== 'ConfigurationPublished') return [];
  const before = await configurationBefore(ports.store, Position.of(last));
  const after = (last as RecordedEvent<ConfigurationPublished>).data.configuration;
  const loosens = before === null ? [] : loosenedBy(before, after, latestToday(ports.clock()));
  const beginning = loosens.length === 0 ? null : await beginningNow(ports, last.actor.id);
  if (beginning === null) return [];
  const { personIds, until } = beginning;
  const message = `${nobodyAgrees(beginning, after.organisation.timeZone)} It loosens ${loosens.join(', ')}.`;
  return until === null ? [] : [{ code: 'NobodyHadToAgree', message, details: { loosens, personIds, until } }];
}

/** Whether somebody loosens rules alone now, and until when; null: another person has to agree. */
export async function beginningNow(ports: CommandPorts, personId: string): Promise<Beginning | null> {
  await ports.upToDateToMend();
  const others = ports.models.approvals.othersGivenNow(personId, approversOf('configure'));
  return isRefusal(others) ? null : beginningOf(others, personId, ports.clock());
}

/** In a sentence. */
export function nobodyAgrees({ personIds, until }: Beginning, timeZone: TimeZone): string {
  return until === null
    ? 'It takes effect at once: nobody else is registered who could agree.'
    : `It takes effect at once: everybody who could agree (${personIds.join(', ')}) was registered by whoever publishes it, less than 30 days ago. From ${localDateIn(timeZone, until)} on it waits for another person.`;
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
      warn: warned,
      forgoes: {
        act: 'configure',
        of: loosened,
      },
    }),
  ],
};
