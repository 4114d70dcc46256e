import { type Minutes, monthOf } from '@billtrail/kernel';
import type { MinuteRange, MonthOfWork } from '../rating/earlier.js';
import type { WorkItem } from '../rating/facts.js';
import { type Stretch, hasTimes } from '../rating/time/step-2-segments.js';
import type { SettledWork } from './settled-work.js';

interface Held {
  readonly settled: SettledWork;
  readonly work: WorkItem;
  readonly isAsItWas: boolean;
}

/**
 * Which minutes of a piece of work the account of a period has, wherever the facts of now would put them (K13). The same whichever period asks.
 *
 * - Work that is what it was stays where it is frozen, minute for minute.
 * - Work that was corrected is of the account as far as it lies in its period. Where its beginning lies elsewhere now, and it began when it did (the zone
 *   is another), all of it stays with the account that held all of it: what was invoiced stays, and the correction is an adjustment beside it.
 */
export function heldMinutes(
  { settled, work, isAsItWas }: Held,
  stretches: readonly Stretch[],
  monthOfWork: MonthOfWork,
): readonly MinuteRange[] {
  const minutes = work.kind === 'time' ? work.minutes : 0;
  const all = [{ from: 0, to: minutes }];
  // A day that was stated is of one month in every zone.
  if (!hasTimes(work)) return monthOf(work.workDate) === settled.period ? all : [];
  if (isAsItWas) return heldAsItWas(settled, minutes);
  const own = stretches.filter(({ when }) => monthOfWork(when) === settled.period);
  if (own[0] !== stretches[0] && isFrozenWhole(settled, work)) return all;
  return own.map(({ fromMinute: from, toMinute: to }) => ({ from, to }));
}

/** What was adjusted is no stretch: an account has the beginning of such an entry, or its end. */
function heldAsItWas({ parts, stretches, actualMinutes }: SettledWork, minutes: Minutes): readonly MinuteRange[] {
  if (actualMinutes >= minutes) return [{ from: 0, to: minutes }];
  if (parts.every(({ key }) => key.role === 'part'))
    return stretches.map(({ fromMinute: from, toMinute: to }) => ({ from, to }));
  const hasBeginning = (stretches[0]?.fromMinute ?? 0) === 0;
  const held = Math.max(actualMinutes, 0);
  return [hasBeginning ? { from: 0, to: held } : { from: minutes - held, to: minutes }];
}

/** True where the account held the whole of the work when it was frozen, and it began when it does now. */
function isFrozenWhole({ latest, actualMinutes }: SettledWork, work: WorkItem): boolean {
  const then = latest.basis.work;
  if (then?.kind !== 'time' || work.kind !== 'time') return false;
  return then.workDate === work.workDate && then.startedAt === work.startedAt && actualMinutes >= then.actualMinutes;
}
