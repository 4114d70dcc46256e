import { epochMillis } from '@billtrail/kernel';
import type { Priority } from '../classification.js';
import type { Stage, TicketEvent } from '../events.js';
import { TRANSITION_TYPES, stageAfter } from '../lifecycle.js';

/** The stage of a ticket as its SLA sees it: cancelled, it is closed without an end of its work; merged, another ticket goes on in its place. */
export type SlaStage = Stage | 'cancelled' | 'merged';

/** What an event says about how a ticket stood, from its instant on. */
export interface SlaMove {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** null: the stage stays. */
  readonly stage: SlaStage | null;
  /** Absent: the priority stays. null: it is not known. */
  readonly priority?: Priority | null;
}

/** True where the work is done: its ticket stands where it was resolved, or further. */
export function isPastResolution(stage: SlaStage): boolean {
  return stage === 'resolved' || stage === 'svr-pending' || stage === 'closed';
}

/** The events that move an SLA clock, or may. */
export const SLA_MOVING_TYPES = [
  ...TRANSITION_TYPES,
  'TicketReclassified',
  'TicketReprioritised',
  'TicketMerged',
  'TicketSplit',
] as const;

/** What an event says; null: nothing that an SLA clock would see. */
export function moveOf(event: TicketEvent): SlaMove | null {
  const at = epochMillis(event.occurredAt);
  switch (event.type) {
    case 'TicketRequested':
    case 'TicketTriaged':
      return { at, stage: stageAfter(event), priority: event.data.priority };
    case 'TicketReclassified':
    case 'TicketReprioritised':
      return { at, stage: null, priority: event.data.priority };
    case 'TicketCancelled':
      return { at, stage: 'cancelled' };
    case 'TicketMerged':
      return { at, stage: 'merged' };
    default: {
      const stage = stageAfter(event);
      return stage === null ? null : { at, stage };
    }
  }
}
