import { type Actor, invariant, unreachable } from '@billtrail/kernel';
import type { Priority, TicketCommand } from '@billtrail/ticketing';
import { type WallMinutes, dayOf } from './calendar.js';
import { mustNameContract } from './clients.js';
import type { DemoStep } from './demo-month.js';
import { GOODS, type Goods } from './goods.js';
import { asActor, contactOf, operations } from './people.js';
import type { TicketPlan } from './plan-tickets.js';
import { type WorkPlan, planWork } from './plan-work.js';
import type { Random } from './random.js';
import { WorkTeller } from './tell-work.js';
import { CANCEL_REASONS, NO_CHARGE_REASONS, TOPICS, filledIn } from './texts.js';
import { type Cast, type DoneEntry, type Frame, TicketScript } from './ticket-script.js';
import type { Workforce } from './workforce.js';

export interface TicketStory {
  readonly steps: readonly DemoStep<TicketCommand>[];
  /** What comes after the invoice. */
  readonly lateSteps: readonly DemoStep<TicketCommand>[];
  /** The time entries as they were worked, in order. */
  readonly done: readonly DoneEntry[];
  readonly goods: Goods | null;
}

const GOODS_SHARE = 0.12;
const REQUESTED_BY_CONTACT_SHARE = 0.6;
const PRIORITIES: readonly (readonly [Priority, number])[] = [
  ['critical', 3],
  ['high', 17],
  ['moderate', 55],
  ['low', 25],
];

/** Tells a ticket from its request to where it stands at the end: every command with its time and its sender. */
export function tellTicket(plan: TicketPlan, frame: Frame, workforce: Workforce, random: Random): TicketStory {
  const work = planWork(plan, random);
  const goods = goodsFor(plan, work, random);
  const cast: Cast = {
    plan,
    work,
    topic: goods?.topic ?? random.pick(TOPICS),
    goods,
    contact: contactOf(plan.client, random),
    desk: operations(random),
    frame,
    workforce,
    random,
  };
  const script = new TicketScript(frame);
  const done = new TicketTeller(cast, script).tell();
  return { steps: script.steps(), lateSteps: script.lateSteps(), done, goods };
}

/** Parts of planted leaks stay unrecorded; other tickets with a part or licence record it. */
function goodsFor(plan: TicketPlan, work: WorkPlan, random: Random): Goods | null {
  if (plan.leak === 'part-in-note' || plan.leak === 'part-in-resolution') return random.pick(GOODS);
  const isPlain = plan.leak === null && plan.ending === 'resolved' && !work.isNoCharge;
  if (!isPlain || work.ticketType === 'quick-question') return null;
  return random.chance(GOODS_SHARE) ? random.pick(GOODS) : null;
}

class TicketTeller {
  private readonly ticketId: string;

  constructor(
    private readonly cast: Cast,
    private readonly script: TicketScript,
  ) {
    this.ticketId = cast.plan.ticketId;
  }

  tell(): readonly DoneEntry[] {
    const { plan, work, random } = this.cast;
    this.request();
    const triaged = plan.arrival + (plan.isAfterHours ? random.whole(2, 8) : random.whole(4, 35));
    switch (plan.ending) {
      case 'resolved': {
        this.triage(triaged);
        const [assigned, assignee] = this.assign(triaged);
        const done = new WorkTeller(this.cast, this.script).tell(work.entries, assigned, assignee);
        this.resolve(done, assigned, assignee);
        return done;
      }
      case 'cancelled':
        return this.cancel(triaged);
      case 'open':
        return this.leaveOpen(triaged);
      default:
        return unreachable(plan.ending);
    }
  }

  private request(): void {
    const { plan, topic, contact, random } = this.cast;
    const hasDescription = topic.descriptions.length > 0 && random.chance(0.7);
    this.script.add(plan.arrival, random.chance(REQUESTED_BY_CONTACT_SHARE) ? contact : operations(random), {
      type: 'RequestTicket',
      ticketId: this.ticketId,
      clientId: plan.client.clientId,
      summary: filledIn(topic.summary, random),
      description: hasDescription ? filledIn(random.pick(topic.descriptions), random) : null,
      requestedBy: contact.id,
    });
  }

  private triage(at: WallMinutes): void {
    const { plan, work, topic, desk, random } = this.cast;
    this.script.add(at, desk, {
      type: 'TriageTicket',
      ticketId: this.ticketId,
      clientId: plan.client.clientId,
      contractId: this.namedContract(),
      ...(plan.siteId === null ? {} : { siteId: plan.siteId }),
      category: topic.category,
      ticketType: work.ticketType,
      priority: plan.isAfterHours ? 'critical' : random.weighted(PRIORITIES),
    });
  }

  /** Where one contract is the best match anyway, a good half of the tickets leave it to rating. */
  private namedContract(): string | null {
    const { plan, random } = this.cast;
    const { client, leak } = plan;
    if (leak === 'contracts-match-equally' || leak === 'before-the-contract') return null;
    if (leak === 'contract-ended') return client.contracts[0]?.contractId ?? null;
    return mustNameContract(client) || random.chance(0.4) ? client.current.contractId : null;
  }

  private assign(triaged: WallMinutes): readonly [at: WallMinutes, assignee: number] {
    const { workforce, random, desk } = this.cast;
    const assigned = triaged + random.whole(1, 10);
    const assignee = workforce.choose(assigned, random);
    const { id } = workforce.engineer(assignee);
    this.script.add(assigned, desk, {
      type: 'AssignTicket',
      ticketId: this.ticketId,
      engineerId: id,
      team: 'service-desk',
    });
    return [assigned, assignee];
  }

  private cancel(triaged: WallMinutes): readonly DoneEntry[] {
    const { random, desk } = this.cast;
    if (random.chance(0.5)) this.triage(triaged);
    const reason = random.pick(CANCEL_REASONS);
    this.script.add(triaged + 15, desk, { type: 'CancelTicket', ticketId: this.ticketId, as: 'cancelled', reason });
    return [];
  }

  /** As far as it comes by the end of the month: requested, triaged, assigned, or worked on once or more. */
  private leaveOpen(triaged: WallMinutes): readonly DoneEntry[] {
    const { work, random } = this.cast;
    const reach = random.whole(0, 4);
    if (reach === 0) return [];
    this.triage(triaged);
    if (reach === 1) return [];
    const [assigned, assignee] = this.assign(triaged);
    if (reach === 2) return [];
    const entries = reach === 3 ? work.entries.slice(0, 1) : work.entries;
    return new WorkTeller(this.cast, this.script).tell(entries, assigned, assignee);
  }

  private resolve(done: readonly DoneEntry[], assigned: WallMinutes, assignee: number): void {
    const { plan, work, goods, topic, desk, workforce, random } = this.cast;
    const last = done.at(-1);
    const engineer = asActor(last?.engineer ?? workforce.engineer(assignee));
    const finished = last?.end ?? assigned + random.whole(5, 15);
    if (last === undefined) {
      invariant(work.isNoCharge, `ticket ${this.ticketId} has neither work nor a declaration`);
      this.script.add(assigned + 2, engineer, { type: 'StartWork', ticketId: this.ticketId });
    }
    if (work.isNoCharge) {
      const [reasonCode, reason] = random.pick(NO_CHARGE_REASONS);
      this.script.add(finished + 3, desk, { type: 'DeclareNoCharge', ticketId: this.ticketId, reasonCode, reason });
    }
    const isListed = goods !== null && plan.leak === null;
    const isNamed = plan.leak === 'part-in-resolution' || (isListed && random.chance(0.5));
    const resolved = finished + random.whole(10, 20);
    this.script.add(resolved, engineer, {
      type: 'ResolveTicket',
      ticketId: this.ticketId,
      resolution: isNamed && goods !== null ? goods.resolution : topic.resolution,
      materials: isListed ? 'listed' : 'none-used',
      scope: plan.isOutOfScopeAtFirst ? 'out-of-scope' : 'in-contract',
    });
    if (plan.isOutOfScopeAtFirst) this.decideOnScope(resolved);
    this.verify(resolved, engineer);
  }

  /** Work that was declared out of scope is a gap until somebody decides. */
  private decideOnScope(resolved: WallMinutes): void {
    this.script.add(resolved + 1, this.cast.desk, {
      type: 'ClassifyScope',
      ticketId: this.ticketId,
      scope: 'in-contract',
      reason: 'the agreement covers it: one of its users asked',
    });
  }

  /** Most reports are approved by the client before the month is invoiced; a few tickets wait as resolved, or for the approval. */
  private verify(resolved: WallMinutes, engineer: Actor): void {
    const { contact, desk, frame, random } = this.cast;
    const progress = random.next();
    if (progress < 0.03) return;
    const reported = resolved + random.whole(1, 9);
    this.script.add(reported, engineer, { type: 'RequestServiceVerification', ticketId: this.ticketId });
    const isSoon = random.chance(0.4) && reported + 60 < (dayOf(reported) + 1) * 1_440;
    const approved = isSoon ? reported + random.whole(5, 60) : this.script.nextMorning(reported, random.whole(0, 300));
    const closed = approved + random.whole(5, 55);
    if (progress < 0.08 || closed > frame.monthEnds) return;
    this.script.add(approved, contact, { type: 'ApproveServiceVerification', ticketId: this.ticketId });
    this.script.add(closed, desk, { type: 'CloseTicket', ticketId: this.ticketId });
  }
}
