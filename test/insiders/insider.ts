import { isRefusal, type Actor, type Role } from '@billtrail/kernel';
import { MAX_READ, START, Position } from '@billtrail/event-store';
import { MAX_PAGE } from '@billtrail/read-models';
import { commandDefinitions, type CommandDefinition } from '@billtrail/application/testing';
import { Random } from '../crash/random.js';
import type { House } from '../laws/kit/house.js';
import { BEA } from '../scenarios/people.js';
import { bodyOf } from './bodies.js';
import type { Findings } from '../laws/kit/findings.js';
import { InSight } from './in-sight.js';
import { CLIENTS, MALLORY, type World } from './world.js';

export const ROLES_TRIED = ['client', 'support', 'operations', 'accounts', 'admin'] as const;
export type RoleTried = (typeof ROLES_TRIED)[number];
const OTHERS: readonly RoleTried[] = ['support', 'operations', 'accounts', 'admin'];
const APPROVES = 0.2;
const FORGOES = 0.6;
const OTHERS_APPROVE = 0.6;
const COLLEAGUES = [BEA.id, 'omar', 'anna', 'priya'];

/** How often something was come to: `act void-work waits`, `command VoidTimeEntry`, `refused OwnRequest`. */
export type Counts = Map<string, number>;

export interface Sequence {
  readonly role: RoleTried;
  /** Two keys of one person, of different roles; one key. */
  readonly isColluding: boolean;
  readonly seed: number;
  readonly steps: number;
}

/** A defect that must be found: other definitions, or a house that is changed. */
export interface Defect {
  readonly definitions?: readonly CommandDefinition[];
  readonly spoil?: (house: House) => void;
}

/**
 * Random sequences of what keys of one person may do, and of what that person may do as those whom they register or re-key: each goes on from where the one before it has
 * ended. Answers what is wrong, after the steps that had an effect.
 */
export async function tell(
  world: World,
  sequences: readonly Sequence[],
  counts: Counts,
  { definitions = commandDefinitions, spoil }: Defect = {},
): Promise<readonly string[]> {
  return world.inCopy(definitions, async (house) => {
    spoil?.(house);
    const sight = new Watched(house);
    await sight.look();
    const steps: string[] = [];
    for (const sequence of sequences) {
      const told = new Told(house, sight, definitions, counts, sequence, steps);
      for (let step = 0; step < sequence.steps; step++) {
        const findings = await told.step();
        if (findings.length > 0) return [...steps, ...findings];
      }
    }
    return [];
  });
}

/** Money in sight, looked at after each step. */
class Watched {
  private readonly sight = new InSight();
  private seenUpTo: Position = START;

  constructor(private readonly house: House) {}

  get works(): InSight['works'] {
    return this.sight.works;
  }

  async look(): Promise<Findings> {
    const { store, models } = this.house.billtrail;
    await this.house.billtrail.upToDate();
    const { events } = await store.readAll({ after: this.seenUpTo, limit: MAX_READ });
    const last = events.at(-1);
    if (last !== undefined) this.seenUpTo = Position.of(last);
    const { items } = await models.billableItems.list({}, { limit: MAX_PAGE });
    const covered = new Set(
      items.flatMap(({ kind, disposition, ticketId }) =>
        kind === 'material' && disposition === 'covered' ? [ticketId] : [],
      ),
    );
    const gaps = await Promise.all([...covered].map((ticketId) => models.billableItems.derivedGapsOfTicket(ticketId)));
    return this.sight.after(events, items, gaps.flat());
  }
}

class Told {
  private readonly random: Random;
  /** Whose keys are used. */
  private readonly held: Actor[];
  private ids = 0;

  constructor(
    private readonly house: House,
    private readonly sight: Watched,
    private readonly definitions: readonly CommandDefinition[],
    private readonly counts: Counts,
    { role, isColluding, seed }: Sequence,
    private readonly steps: string[],
  ) {
    this.random = new Random(seed);
    const roles: Role[] = [role];
    if (isColluding && role !== 'client') roles.push(this.random.pick(OTHERS.filter((one) => one !== role)));
    this.held = roles.map((one) => ({ id: MALLORY, role: one }));
  }

  async step(): Promise<Findings> {
    const chance = this.random.next();
    if (chance < 0.06) {
      const days = this.random.pick([1, 10, 31]);
      this.steps.push(`${days} days`);
      this.house.passDays(days);
      await this.house.settle();
    } else if (chance < 0.14) await this.anotherAgrees();
    else if (chance < 0.3 && this.held.some(({ role }) => role === 'admin')) await this.usesPersons();
    else await this.act();
    return this.sight.look();
  }

  private async act(): Promise<void> {
    // What waits is approved, and what forgoes money asked for, more often than all the rest; and who holds the key of another approves with that.
    const chance = this.random.next();
    const others = this.held.filter(({ id }) => id !== MALLORY);
    const isForOthers = chance < APPROVES && others.length > 0 && this.random.next() < OTHERS_APPROVE;
    const actor = this.random.pick(isForOthers ? others : this.held);
    const may = this.definitions.filter(({ roles }) => actor.role === 'admin' || roles.includes(actor.role));
    const wanted = may.filter(({ command, forgoes }) =>
      chance < APPROVES ? command.name === 'ApproveForgoingRequest' : chance < FORGOES && forgoes !== undefined,
    );
    const definition = this.random.pick(wanted.length > 0 ? wanted : may);
    const body = await bodyOf(definition, {
      house: this.house,
      random: this.random,
      works: this.sight.works,
      nextId: (prefix) => this.nextId(prefix),
    });
    if (body === null) return;
    await this.sends(definition, body, actor);
  }

  private async sends(definition: CommandDefinition, body: object, actor: Actor): Promise<void> {
    const { name } = definition.command;
    const clientId = actor.role === 'client' ? { clientId: this.random.pick(CLIENTS) } : {};
    const answer = await this.house.send(definition.command, body, { actor, ...clientId });
    const came = isRefusal(answer) ? answer.code : answer.waits === true ? 'waits' : 'taken';
    if (!isRefusal(answer)) this.steps.push(`${actor.id}/${actor.role} ${name} ${JSON.stringify(body)}: ${came}`);
    this.count(isRefusal(answer) ? `refused ${came}` : `command ${name}`);
    if (isRefusal(answer)) return;
    const act = definition.forgoes?.act;
    if (act === undefined) return;
    const { events } = await this.house.billtrail.store.readStream(answer.stream);
    const isForgone = events.some(
      ({ type, commandId }) => type === 'ForgoingRequested' && commandId === `command-${this.house.sent}`,
    );
    if (isForgone) this.count(`act ${act} ${answer.waits === true ? 'waits' : 'stands'}`);
  }

  /** An honest colleague looks at what waits, and agrees. */
  private async anotherAgrees(): Promise<void> {
    const { approvals } = this.house.billtrail.models;
    const { items } = await approvals.list({ state: 'waiting' }, { limit: MAX_PAGE });
    if (items.length === 0) return;
    const { requestId, hash, act } = this.random.pick(items);
    const definition = this.definitions.find(({ command }) => command.name === 'ApproveForgoingRequest');
    if (definition === undefined) return;
    const answer = await this.house.send(definition.command, { requestId, hash }, { actor: BEA });
    this.steps.push(`${BEA.id} agrees to ${act} ${requestId}: ${isRefusal(answer) ? answer.code : 'taken'}`);
    if (!isRefusal(answer)) this.count(`act ${act} agreed`);
  }

  /** Makes a person, or a key of a colleague, and holds it. */
  private async usesPersons(): Promise<void> {
    const by = { actor: { id: MALLORY, role: 'admin' as const }, key: null };
    const role = this.random.pick(['operations', 'accounts', 'admin'] as const);
    const { persons } = this.house.billtrail;
    if (this.random.next() < 0.5) {
      const personId = this.nextId('p');
      const answer = await persons.register({ personId, name: 'Somebody', roles: [role] }, by);
      this.steps.push(`registers ${personId} as ${role}: ${isRefusal(answer) ? answer.code : 'taken'}`);
      if (isRefusal(answer)) return;
      this.held.push({ id: personId, role });
      return this.count('person registered');
    }
    const personId = this.random.pick(COLLEAGUES);
    const key = { role, readOnly: false, expiresInDays: 90 };
    const answer = await persons.makeKey(personId, key, by);
    this.steps.push(`makes a key of ${personId} as ${role}: ${isRefusal(answer) ? answer.code : 'taken'}`);
    if (isRefusal(answer)) return;
    this.held.push({ id: personId, role });
    this.count('person re-keyed');
  }

  /** Used by no other sequence of the copy. */
  private nextId(prefix: string): string {
    return `${prefix}-${this.house.sent}-${++this.ids}`;
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
