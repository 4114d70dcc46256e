import type { Minutes } from '@billtrail/kernel';
import type { Step, TraceFact } from '../../item/trace.js';
import type { PlacedStretch } from '../placed.js';
import type { ClassFound } from './class-found.js';
import type { HolidayThere } from './step-2-segments.js';

/** What step 2 says of work with a class that was not cut. */
export function classStep(found: () => ClassFound): Step {
  return () => {
    const one = found();
    return { step: 'segment', text: inWords(one), facts: factsOf(one) };
  };
}

/** What step 2 says of a stretch that was cut out of work. */
export function cutStep(minutes: Minutes, { fromMinute, toMinute, placed }: PlacedStretch): Step {
  return () => {
    const found = placed.whichClass();
    return {
      step: 'segment',
      text: `minutes ${fromMinute} to ${toMinute} of ${minutes}: ${inWords(found)}`,
      facts: { fromMinute, toMinute, ...factsOf(found) },
    };
  };
}

function inWords({ date, rateClass, timeZone, siteId, holiday }: ClassFound): string {
  const which = holiday === null ? '' : ` (${holiday.holiday.name}, ${ownerOf(holiday, siteId)})`;
  const where = siteId === null ? '' : ` at site ${siteId}`;
  return `${rateClass ?? 'no class'}${which} on ${date} in ${timeZone}${where}`;
}

function ownerOf({ of }: HolidayThere, siteId: string | null): string {
  return of === 'site' ? `a holiday of site ${siteId ?? ''}` : `a holiday of the ${of}`;
}

function factsOf({ date, rateClass, timeZone, siteId, holiday }: ClassFound): Record<string, TraceFact> {
  return {
    date,
    rateClass,
    timeZone,
    ...(siteId === null ? {} : { siteId }),
    ...(holiday === null ? {} : { holiday: holiday.holiday.name, holidayOf: holiday.of }),
  };
}
