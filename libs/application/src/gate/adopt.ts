import { fold, isRefusal, refuse, type Actor, type LocalDate, type Refusal } from '@billtrail/kernel';
import {
  CommandIdReused,
  fingerprintOf,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type RecordedEvent,
} from '@billtrail/event-store';
import {
  creditNoteSeriesOf,
  DEFAULT_CONFIGURATION,
  numbering,
  type LoseNumbers,
  type DocumentNumberAssigned,
  type NumbersLost,
} from '@billtrail/billing';
import {
  ACCESS_CATEGORY,
  ADOPTIONS,
  type LogAdopted,
  type LogFollower,
  type NumbersGiven,
  type Vault,
} from '@billtrail/vault';
import type { Clock } from '../clock.js';
import { configurationOf, publishedConfigurations, todayOf } from '../configuration.js';
import { logIdOf, notAdopted, type Gate, type WhyNotAdopted } from './gate.js';

/** The last number given of each series, as somebody states it. */
export type StatedNumbers = ReadonlyMap<string, number>;

/** How a series goes on once the log is adopted. */
export interface SeriesToAdopt {
  readonly series: string;
  /** The last number that the log knows; 0: none. */
  readonly inLog: number;
  /** The last one that the vault knows; null: none. */
  readonly inVault: number | null;
  /** The last one that counts as given: the next document gets the one after it. null: somebody must state it. */
  readonly last: number | null;
}

/** What adopting the log does. */
export interface AdoptionPlan {
  /** null: the gate is open, and there is nothing to do. */
  readonly shut: WhyNotAdopted | null;
  /** The place that becomes its home, for people. */
  readonly place: string;
  /** Id of the first event; null: there is none. */
  readonly logId: string | null;
  readonly series: readonly SeriesToAdopt[];
}

export interface AdoptionPorts {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly follower: LogFollower;
  readonly gate: Gate;
  readonly clock: Clock;
}

type RecordedNumber = RecordedEvent<DocumentNumberAssigned> | RecordedEvent<NumbersLost>;

const MAX_ATTEMPTS = 20;
/** In command ids and fingerprints. */
const ADOPT = 'adopt';

/** Where the gate is open it names no series. It records nothing. Refuses: SeriesNotConfigured, LastNumberTooLow, LastNumberTooHigh. */
export async function planAdoption(ports: AdoptionPorts, stated: StatedNumbers): Promise<AdoptionPlan | Refusal> {
  const { store, vault, gate } = ports;
  const shut = await gate.shut();
  if (shut === null) return { shut, place: gate.place.told, logId: await logIdOf(store), series: [] };
  const noted = new Map((await vault.home()).numbers.map(({ series, number }) => [series, number]));
  const names = await seriesOf(store, noted.keys());
  const other = [...stated.keys()].find((series) => !names.includes(series));
  if (other !== undefined) return seriesNotConfigured(other, names);
  const series: SeriesToAdopt[] = [];
  for (const name of names) {
    const { state } = await seriesState(store, name);
    const inVault = noted.get(name) ?? null;
    const known = Math.max(state.last, inVault ?? 0);
    const said = stated.get(name) ?? null;
    const last = said ?? (shut.asksForNumbers ? null : known);
    if (last !== null && last < known) return lastNumberBelow(name, last, known);
    series.push({ series: name, inLog: state.last, inVault, last });
  }
  const decided = await refusedOf(ports, series);
  return decided ?? { shut, place: gate.place.told, logId: await logIdOf(store), series };
}

/**
 * Makes this log the one that goes on here. Each series is told first which number may have been given last, so that a number which is being given at that
 * moment is decided anew; the event that opens the gate comes last. Interrupted anywhere, it is run again; of two at once each does what the other has not.
 * Refuses as {@link planAdoption}, and NumbersNeeded, LogNotAdopted where another place was faster.
 */
export async function adopt(ports: AdoptionPorts, by: Actor, stated: StatedNumbers): Promise<AdoptionPlan | Refusal> {
  const { store, vault, follower, gate, clock } = ports;
  const plan = await planAdoption(ports, stated);
  if (isRefusal(plan) || plan.shut === null) return plan;
  if (plan.series.some(({ last }) => last === null)) return numbersNeeded(plan.series);
  // Only what is shut under an id is opened by it.
  const shut = (await vault.home()).shut ?? (await vault.shutGate({ why: 'moved', asksForNumbers: false }));
  const today = todayOf(await configurationOf(store), clock());
  const numbers: NumbersGiven[] = [];
  for (const { series, last } of plan.series) {
    const lost = await loseNumbers(ports, by, {
      type: 'LoseNumbers',
      series,
      last,
      today,
      home: gate.home,
      opens: shut.id,
    });
    if (isRefusal(lost)) return lost;
    numbers.push({ series, last: lost });
  }
  await vault.noteAdopter(gate.place);
  const data = { logId: plan.logId ?? '', home: gate.home, opens: shut.id, why: shut.why, numbers };
  const adopted: LogAdopted = { type: 'LogAdopted', data, occurredAt: clock() };
  const commandId = `${ADOPT}/${shut.id}`;
  await store.append({
    stream: streamName(ACCESS_CATEGORY, ADOPTIONS),
    expected: 'any',
    events: [adopted],
    actor: by,
    commandId,
    // Whoever adopts it, and with which numbers: this gate is opened once.
    fingerprint: ADOPT,
    correlationId: commandId,
    causationId: null,
  });
  await follower.catchUp();
  const still = await gate.shut();
  return still === null
    ? { ...plan, series: plan.series.map((one, at) => ({ ...one, last: numbers[at]?.last ?? null })) }
    : notAdopted(still);
}

/** At the version that was read: a number that another process gives meanwhile is seen, or fails. Gives the last number that counts as given. */
async function loseNumbers({ store, clock }: AdoptionPorts, by: Actor, asked: LoseNumbers): Promise<number | Refusal> {
  const stream = streamName('numbering', asked.series);
  for (let attempt = 1; ; attempt++) {
    const { version, state, end } = await seriesState(store, asked.series);
    const wanted = Math.max(asked.last ?? 0, state.last);
    if (end?.type === 'NumbersLost' && isOf(end, asked) && end.data.last >= wanted) return end.data.last;
    const decision = numbering.decide({ ...asked, last: wanted, at: clock(), by }, state);
    if (isRefusal(decision)) return decision;
    const commandId = `${ADOPT}/${asked.opens}/${asked.series}/${version}`;
    try {
      const fingerprint = fingerprintOf(ADOPT, { ...asked, last: wanted });
      await store.append({
        stream,
        expected: version,
        events: decision,
        actor: by,
        commandId,
        fingerprint,
        correlationId: `${ADOPT}/${asked.opens}`,
        causationId: null,
      });
    } catch (error) {
      const wasSecond = error instanceof WrongExpectedVersion || error instanceof CommandIdReused;
      if (!wasSecond || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function isOf({ data }: NumbersLost, { home, opens }: LoseNumbers): boolean {
  return data.home === home && data.opens === opens;
}

/** What a series has reached, by its last event. */
async function seriesState(store: EventStore, series: string) {
  const slice = await store.readStream(streamName('numbering', series), { direction: 'backwards', limit: 1 });
  const end = (slice.events[0] as RecordedNumber | undefined) ?? null;
  return { version: slice.version, end, state: fold(numbering, end === null ? [] : [end]) };
}

/** Every series that was ever configured, or of which a number is known. */
async function seriesOf(store: EventStore, noted: Iterable<string>): Promise<readonly string[]> {
  const published = await publishedConfigurations(store);
  const configurations = published.length === 0 ? [DEFAULT_CONFIGURATION] : published;
  const names = configurations.flatMap((one) => [one.invoiceSeries.series, creditNoteSeriesOf(one).series]);
  return [...new Set([...names, ...noted])].sort();
}

/** What of it the series themselves would refuse. */
async function refusedOf(
  { store, clock, gate }: AdoptionPorts,
  plan: readonly SeriesToAdopt[],
): Promise<Refusal | null> {
  const today: LocalDate = todayOf(await configurationOf(store), clock());
  for (const { series, last } of plan) {
    if (last === null) continue;
    const { state } = await seriesState(store, series);
    const by: Actor = { id: ADOPT, role: 'system' };
    const asked = { type: 'LoseNumbers', series, last, today, home: gate.home, opens: '', at: clock(), by } as const;
    const decision = numbering.decide(asked, state);
    if (isRefusal(decision)) return decision;
  }
  return null;
}

function seriesNotConfigured(series: string, names: readonly string[]): Refusal {
  return refuse(
    'SeriesNotConfigured',
    `There is no series ${series} in this log: it has ${names.join(', ')}.`,
    'State the numbers of those. Where the configuration that names it is missing, publish it again first: billtrail config publish FILE',
    { series, known: names },
  );
}

function lastNumberBelow(series: string, last: number, known: number): Refusal {
  return refuse(
    'LastNumberTooLow',
    `The last number of series ${series} can't have been ${last}: number ${known} was given here.`,
    `State the last number that was given, ${known} or a higher one: billtrail adopt --last ${series}=${known}`,
    { series, last, known },
  );
}

/** The person looks at the last document that was sent. What the log knows stands nowhere in the command: it is what may be too low. */
function numbersNeeded(plan: readonly SeriesToAdopt[]): Refusal {
  const options = plan.map(({ series, last }) => `--last ${series}=${last ?? 'NUMBER'}`);
  return refuse(
    'NumbersNeeded',
    'Numbers may have been given that this log does not know: what was the last one of each series?',
    `Look at the last document of each series that was sent, and put its number, without its prefix, in the place of NUMBER: billtrail adopt ${options.join(' ')} --yes`,
    { series: plan },
  );
}
