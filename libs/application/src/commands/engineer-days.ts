import type { LocalDate, Minutes } from '@billtrail/kernel';
import { daysAround, isMoreThanADay, minutesOfDay, overlapping, type TimeOfEngineer } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';

/** A time entry as it is sent. */
export interface EntrySent {
  readonly ticketId: string;
  readonly timeEntryId: string;
  readonly engineerId: string;
  readonly workDate: LocalDate;
  readonly minutes: Minutes;
  readonly startedAt?: string | null;
  readonly endedAt?: string | null;
}

/**
 * Time that its engineer can't have worked beside what else is recorded of them, on any ticket. It is recorded all the same, for nobody knows here which entry is
 * wrong, and is an exception where it is to be approved. Told by what the read models know already: nobody waits for them to record an hour.
 */
export function warnOfEngineersDay(
  sent: EntrySent,
  { models }: Pick<CommandPorts, 'models'>,
): readonly CommandWarning[] {
  const { ticketId, timeEntryId: workItemId, engineerId, workDate, minutes, startedAt = null, endedAt = null } = sent;
  const entry: TimeOfEngineer = { ticketId, workItemId, engineerId, workDate, minutes, startedAt, endedAt };
  const { from, to } = daysAround(workDate);
  const others = models.work.ofEngineerNow(engineerId, from, to);
  const warnings: CommandWarning[] = [];
  const same = overlapping(entry, others);
  if (same.length > 0) {
    const named = same.map((one) => `${one.workItemId} of ${one.ticketId}`).sort();
    warnings.push({
      code: 'TimeOverlaps',
      message: `${engineerId} worked at the same time, by ${named.join(', ')}. One of them is to be corrected or voided; neither is approved by itself.`,
      details: {
        workItemId,
        engineerId,
        with: same.map((one) => ({ ticketId: one.ticketId, workItemId: one.workItemId })),
      },
    });
  }
  const sum = minutesOfDay(entry, others);
  if (isMoreThanADay(sum)) {
    warnings.push({
      code: 'MoreThanADay',
      message: `${engineerId} has ${sum} minutes on ${workDate} with it, more than a day has. Check their entries of that day.`,
      details: { engineerId, workDate, minutes: sum },
    });
  }
  return warnings;
}
