import type { Priority } from '../classification.js';
import type { SlaMove, SlaStage } from './moves.js';

/** A stretch of time in which a ticket stood in one stage with one priority, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  /** null: it stands so still. */
  readonly to: number | null;
  readonly stage: SlaStage;
  readonly priority: Priority | null;
}

/** A life of the ticket from its request, or from going on after it was closed, to its next closing. */
export interface SlaRun {
  /** 1, 2, 3 ... */
  readonly run: number;
  readonly startedAt: number;
  readonly stretches: readonly [Stretch, ...Stretch[]];
}

interface From<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * The runs of a ticket, from its moves in the order of the log. A move says how the ticket stood from its instant on, whatever was recorded before about
 * later instants: so the last one always holds, and a back-dated one counts from its date. Moves of one instant hold in the order of the log. None
 * is earlier than the first: a ticket does not move before it was requested.
 */
export function runsOf(moves: readonly SlaMove[]): readonly SlaRun[] {
  const [first] = moves;
  if (first === undefined) return [];
  const stages: From<SlaStage>[] = [];
  const priorities: From<Priority | null>[] = [];
  for (const { at, stage, priority } of moves) {
    const from = Math.max(at, first.at);
    if (stage !== null) overrule(stages, from, stage);
    if (priority !== undefined) overrule(priorities, from, priority);
  }
  const runs: { run: number; startedAt: number; stretches: [Stretch, ...Stretch[]] }[] = [];
  let closed = true;
  withoutSplits(stages).forEach(({ at, value: stage }, index) => {
    const stretches = byPriority({ from: at, to: stages[index + 1]?.at ?? null, stage }, priorities);
    if (closed && !isClosed(stage)) runs.push({ run: runs.length + 1, startedAt: at, stretches });
    else runs.at(-1)?.stretches.push(...stretches);
    closed = isClosed(stage);
  });
  return runs;
}

/** A merge that was taken back counts as if it had not been: the time in between is the ticket's own. */
function withoutSplits(stages: readonly From<SlaStage>[]): readonly From<SlaStage>[] {
  const counted: From<SlaStage>[] = [];
  for (const [index, { at, value }] of stages.entries()) {
    const before = counted.at(-1);
    const wasTakenBack = value === 'merged' && index + 1 < stages.length && before !== undefined;
    counted.push({ at, value: wasTakenBack ? before.value : value });
  }
  return counted;
}

function isClosed(stage: SlaStage): boolean {
  return stage === 'closed' || stage === 'cancelled' || stage === 'merged';
}

function overrule<Value>(track: From<Value>[], at: number, value: Value): void {
  while ((track.at(-1)?.at ?? -Infinity) > at) track.pop();
  track.push({ at, value });
}

/** A stretch of one stage, cut where the priority became another. */
function byPriority(
  stretch: Omit<Stretch, 'priority'>,
  priorities: readonly From<Priority | null>[],
): [Stretch, ...Stretch[]] {
  const { from, to, stage } = stretch;
  const atStart = priorities.findLast(({ at }) => at <= from)?.value ?? null;
  const cuts: Stretch[] = [];
  let open = { from, priority: atStart };
  for (const { at, value } of priorities) {
    if (at <= from || (to !== null && at >= to) || value === open.priority) continue;
    cuts.push({ ...open, to: at, stage });
    open = { from: at, priority: value };
  }
  const last: Stretch = { ...open, to, stage };
  const [first, ...others] = cuts;
  return first === undefined ? [last] : [first, ...others, last];
}
