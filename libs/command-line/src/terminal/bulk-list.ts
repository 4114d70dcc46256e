import type { BulkJob, BulkJobItem } from '@billtrail/application';
import type { MoneyJson } from '@billtrail/kernel';
import type { WorkException } from '@billtrail/ticketing';
import { WIDTH, counted, inPlaceOption, money, table, typed, wrapped } from './output.js';
import { personText } from './words.js';

/** What a piece of work is and comes to, as rating has it; `net` null: it has no price. */
export interface WorkTold {
  readonly description: string;
  readonly net: MoneyJson | null;
}

/** Most pieces that one screen lists one by one, of those with exceptions and of the others. */
export const MAX_LISTED = 40;
const SHORTEST = 12;
/** Between columns of a table. */
const GAP = 4;
const ROW = ['On', 'Person', 'Client', 'Work', 'Minutes', 'Amount', 'What was done'];

/**
 * A list of work to approve: what is out of the ordinary first, with why, then the rest, then sums by week and person, and what to type next. `ordinary`: those without
 * exceptions, in their order, as many as are listed.
 */
export function bulkListText(
  job: BulkJob,
  ordinary: readonly BulkJobItem[],
  toldOf: (item: BulkJobItem) => WorkTold | null,
): string {
  const { state, items, done, leftOut, exceptions, refusals, groups, inPlaceOf } = job;
  const withExceptions = groups.reduce((sum, one) => sum + one.exceptions, 0);
  const parts = [
    withExceptions === 0 ? '' : `To be looked at first:\n${exceptionsText(exceptions, toldOf)}`,
    more(withExceptions, exceptions.length),
    ordinary.length === 0 ? '' : `As usual:\n${rowsText(ordinary, toldOf)}`,
    more(items - withExceptions, ordinary.length),
    table(
      ['Week of', 'Person', 'Pieces', 'Minutes', 'Exceptions'],
      groups.map((one) => [
        one.week,
        one.personId === null ? '' : personText(one.personId),
        one.items,
        one.minutes,
        one.exceptions,
      ]),
      ['Pieces', 'Minutes', 'Exceptions'],
    ),
    refusals.length === 0
      ? ''
      : `Not approved:\n${refusals.flatMap((one) => wrapped(`${workOf(one)}: ${one.refusal?.message ?? ''}`, '  ')).join('\n')}`,
    state === 'prepared'
      ? toTypeText(job, withExceptions)
      : `${counted(done, 'piece')} of ${items} approved${leftOut === 0 ? '' : `, ${leftOut} left out for their exceptions`}.`,
    leftOut === 0
      ? ''
      : [
          'To list what is left, and approve it once you have looked at it:',
          ...typed('npm run -s billtrail -- approve', ...inPlaceOption(inPlaceOf)),
        ].join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function more(all: number, shown: number): string {
  const listed = Math.min(shown, MAX_LISTED);
  return all > listed ? `and ${counted(all - listed, 'more piece')}, which --json or a narrower filter lists.` : '';
}

/** What to type to approve a list that was shown; what is as usual by itself. */
function toTypeText({ jobId, items, inPlaceOf }: BulkJob, withExceptions: number): string {
  const command = `npm run -s billtrail -- approve --job ${jobId} --yes`;
  return [
    'Nothing is approved yet.',
    ...(withExceptions === items
      ? []
      : ['To approve what has no exceptions:', ...typed(command, ...inPlaceOption(inPlaceOf))]),
    ...(withExceptions === 0
      ? []
      : [
          `Once you have looked at ${withExceptions === 1 ? 'the exception' : 'the exceptions'}, to approve all:`,
          ...typed(command, '--with-exceptions', ...inPlaceOption(inPlaceOf)),
        ]),
  ].join('\n');
}

/** Why a piece should be looked at, in words. */
const BECAUSE: Readonly<Record<string, string>> = {
  'change-requested': 'a change was asked for and not made',
  overlaps: 'it overlaps other time of the same person',
  'over-24-hours': 'the person has more than 24 hours on that day',
  'own-work': 'it is your own work',
  long: 'it is longer than usual',
  'back-dated': 'it was recorded late',
} satisfies Record<WorkException, string>;

type ToldOf = (item: BulkJobItem) => WorkTold | null;

function exceptionsText(items: readonly BulkJobItem[], toldOf: ToldOf): string {
  return items
    .slice(0, MAX_LISTED)
    .flatMap((item) => {
      const { personId, clientId, on, minutes } = item.about;
      const told = toldOf(item);
      const time = minutes === null ? null : `${minutes} min`;
      const facts = [on, personId === null ? null : personText(personId), clientId, time, amountOf(told)].filter(
        (one) => one !== null,
      );
      return [
        ...wrapped(`${workOf(item)}: ${facts.join(', ')}`, '  '),
        ...(told === null ? [] : wrapped(told.description, '    ')),
        ...wrapped(`because ${item.exceptions.map((one) => BECAUSE[one] ?? one).join(', and ')}`, '    '),
      ];
    })
    .join('\n');
}

function rowsText(items: readonly BulkJobItem[], toldOf: ToldOf): string {
  const rows = items.slice(0, MAX_LISTED).map((item) => {
    const { personId, clientId, on, minutes } = item.about;
    const told = toldOf(item);
    return [
      on,
      personId === null ? '' : personText(personId),
      clientId ?? '',
      workOf(item),
      minutes ?? '',
      amountOf(told),
      told?.description ?? '',
    ];
  });
  const before = ROW.slice(0, -1).map((name, at) =>
    Math.max(name.length, ...rows.map((row) => String(row[at]).length)),
  );
  const room = Math.max(SHORTEST, WIDTH - before.reduce((sum, width) => sum + width + GAP, GAP));
  const shown = rows.map((row) => [...row.slice(0, -1), shortened(String(row.at(-1)), room)]);
  return table(ROW, shown, ['Minutes', 'Amount']);
}

function amountOf(told: WorkTold | null): string {
  return told?.net ? money(told.net) : 'no price';
}

function shortened(text: string, room: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}

function workOf({ input }: BulkJobItem): string {
  const { ticketId, version: _, inPlaceOf: _whose, ...named } = input;
  return `${Object.values(named).join(' ')} of ${ticketId ?? ''}`;
}
