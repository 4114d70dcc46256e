import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '@billtrail/kernel';
import { billingCommands as billing, ticketCommands as tickets } from '@billtrail/application';
import type { EventStore, RecordedEvent } from '@billtrail/event-store';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { ENGINEER, House } from '../laws/kit/house.js';
import { leavesAllToThePolicies } from './story.js';

/** Calls of the log, before each of which another process may come in. */
const CALLS = ['readStream', 'load', 'append', 'eventAt', 'head'] as const;

/** Each policy, by the name that stands on what it records; on what carries out a request stands who asked. */
export const POLICIES = [
  'carry-out-forgoing',
  'complete-issues',
  'open-months',
  'record-gaps',
  'record-sla',
  'renew-blocks',
  'renew-contracts',
  'split-crossed-merges',
] as const;

export interface Race {
  /** False: the policies had done all before it came to this call. */
  readonly isReached: boolean;
  /** What the policies recorded: actor, type and stream of each event, sorted. */
  readonly recorded: readonly string[];
  readonly brokenLaws: readonly string[];
}

/**
 * A story in which each policy has something to do, told once and raced as often as asked: in another process people act on the same tickets and gaps, and its policies do all
 * that there is to do, right before one call of the first.
 */
export class Races {
  private constructor(
    private readonly folder: string,
    private readonly now: Instant,
  ) {}

  static async begin(): Promise<Races> {
    const folder = mkdtempSync(join(tmpdir(), 'policy-races-'));
    return new Races(folder, await leavesAllToThePolicies(join(folder, 'story')));
  }

  /** `call`: before which of the calls the other comes in, from 1; 0: before none. */
  async run(call: number): Promise<Race> {
    const dataDir = join(this.folder, `race-${call}`);
    cpSync(join(this.folder, 'story'), dataDir, { recursive: true });
    const [first, other] = [await House.open(this.now, dataDir), await House.open(this.now, dataDir)];
    try {
      const isReached = interrupted(first.billtrail.store, call, async () => {
        await peopleAct(other);
        await other.settle();
      });
      await first.settle();
      await other.settle();
      await first.settle();
      const events = (await first.events()).map((event) => ({ ...event, policy: policyOf(event) }));
      return {
        isReached: isReached(),
        recorded: events
          .flatMap(({ policy, type, stream }) => (policy === null ? [] : [`${policy} ${type} ${stream}`]))
          .sort(),
        brokenLaws: brokenLaws(await lookAt({ house: first }, { isSettled: true })).map(String),
      };
    } finally {
      await first.close();
      await other.close();
      rmSync(dataDir, { recursive: true });
    }
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function policyOf({ actor, commandId }: Pick<RecordedEvent, 'actor' | 'commandId'>): string | null {
  if (commandId.startsWith('forgone/')) return 'carry-out-forgoing';
  return (POLICIES as readonly string[]).includes(actor.id) ? actor.id : null;
}

/** On streams on which policies record, without a change of what these have to do. */
async function peopleAct(house: House): Promise<void> {
  for (const ticketId of ['S1', 'M1', 'M2'])
    await house.must(tickets.AddNote, { ticketId, noteId: `${ticketId}-note`, text: 'rang them' }, { actor: ENGINEER });
  // A policy of the first may have closed one that these people see as open until they have read it.
  await house.billtrail.upToDate();
  const { items } = await house.billtrail.models.gaps.list({ state: 'open' });
  for (const { gapId } of items) await house.must(billing.AssignBillingGap, { gapId, ownerId: 'ops-2' });
}

/** Lets `meanwhile` happen right before the n-th call. Answers whether it came to that. */
function interrupted(store: EventStore, call: number, meanwhile: () => Promise<unknown>): () => boolean {
  let calls = 0;
  for (const name of CALLS) {
    const original = store[name].bind(store) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(store, {
      [name]: async (...given: unknown[]) => {
        calls += 1;
        if (calls === call) await meanwhile();
        return original(...given);
      },
    });
  }
  return () => calls >= call;
}
