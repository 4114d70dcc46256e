import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant, isRefusal, type Actor, type Instant, type Role } from '@billtrail/kernel';
import type { CommandDefinition } from '@billtrail/application/testing';
import { ticketCommands } from '@billtrail/application';
import { House } from '../laws/kit/house.js';
import { Msp } from '../scenarios/msp.js';
import { ANNA, BEA, OMAR, PRIYA } from '../scenarios/people.js';

const QUICK_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const AUD = 'AUD';
export const CLIENTS = ['acacia', 'bluegum'] as const;
export const MONTHS = ['2026-02', '2026-03'] as const;
/** Who sets everybody up. What they did is more than 30 days ago. */
const FOUNDER: Actor = { id: 'founder', role: 'admin' };
const AS_FOUNDER = { actor: FOUNDER, key: null };
const ROLES: readonly Role[] = ['support', 'operations', 'accounts', 'admin'];
/** One person alone forgoes as much as this, of a ticket, and of a client and month. */
export const LIMIT = { amount: '400.00', currency: AUD };
/** Holds the keys that are tried. */
export const MALLORY = 'mallory';
const DAYS_BEFORE = 31;

/** A small month of two clients, from which each sequence goes on in a copy of its own. */
export class World {
  private constructor(
    private readonly files: readonly { readonly name: string; readonly bytes: Buffer }[],
    private readonly now: Instant,
    private readonly sent: number,
  ) {}

  static async begin(): Promise<World> {
    const folder = mkdtempSync(join(QUICK_FOLDER, 'insiders-'));
    try {
      const msp = await Msp.opens('2026-02-02', { secondPersonAbove: LIMIT, selfApproval: 'recorded' }, folder);
      for (const personId of [MALLORY, PRIYA.id, OMAR.id, ANNA.id, BEA.id]) {
        const person = { personId, name: personId, roles: [...ROLES] };
        invariant(
          !isRefusal(await msp.house.billtrail.persons.register(person, AS_FOUNDER)),
          `${personId} is no person`,
        );
      }
      await msp.days(DAYS_BEFORE);
      await monthOf(msp);
      const { now, sent } = msp.house;
      await msp.closes();
      const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
      return new World(files, now, sent);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Does something in a copy, which is gone afterwards. */
  async inCopy<Result>(
    definitions: readonly CommandDefinition[],
    work: (house: House) => Promise<Result>,
  ): Promise<Result> {
    const folder = mkdtempSync(join(QUICK_FOLDER, 'insiders-'));
    try {
      for (const { name, bytes } of this.files) writeFileSync(join(folder, name), bytes);
      const house = await House.open(this.now, folder, this.sent, definitions);
      try {
        return await work(house);
      } finally {
        await house.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** Work that is open, approved, resolved, drafted, invoiced, and gaps. */
async function monthOf(msp: Msp): Promise<void> {
  const maintenance = { kinds: ['time' as const], categories: ['maintenance'] };
  for (const clientId of CLIENTS)
    await msp.signs(clientId, {
      onsite: clientId === 'bluegum' ? '240.00' : '180.00',
      rules: [
        { id: 'maintenance', name: 'Maintenance', match: maintenance, outcome: 'included' },
        { id: 'all', name: 'All work', match: {}, outcome: 'billable' },
      ],
    });
  const [acacia, bluegum] = CLIENTS;
  // Invoiced in February, and a draft of March.
  const invoiced = await msp.ticket('T1', acacia);
  await invoiced.time('T1-E', 120, '2026-02-20');
  await invoiced.uses('T1-M', '2', '90.00', '2026-02-20');
  await invoiced.resolves('listed');
  await msp.bills('I1', acacia, '2026-02');
  const drafted = await msp.ticket('T2', bluegum);
  await drafted.time('T2-E', 60, '2026-03-02');
  await drafted.resolves();
  await msp.house.settle();
  await msp.drafts('I2', bluegum, '2026-03');
  // Approved and resolved, above the limit and below it; Mallory's own work too.
  const large = await msp.ticket('T3', acacia);
  await large.time('T3-E', 240, '2026-03-02');
  await large.time('T3-F', 60, '2026-03-03', { by: { id: MALLORY, role: 'support' } });
  await large.uses('T3-M', '1', '250.00', '2026-03-03');
  await large.spends('T3-X', 'Taxi', '50.00', '2026-03-03');
  await large.resolves('listed');
  // Approved, and the ticket is open.
  const open = await msp.ticket('T4', acacia);
  await open.time('T4-E', 150, '2026-03-03');
  // Resolved, and nobody has approved it: gaps.
  const gaps = await msp.ticket('T5', bluegum);
  await gaps.time('T5-E', 120, '2026-03-04', { approved: false });
  await gaps.time('T5-F', 180, '2026-03-04', { approved: false, by: { id: MALLORY, role: 'support' } });
  await gaps.resolves();
  // Approved, resolved, and part of a ticket of a client that pays more for it: split off, less is asked.
  const part = await msp.ticket('T6', acacia);
  await part.time('T6-E', 120, '2026-03-05', { type: 'onsite' });
  await part.resolves();
  const whole = await msp.ticket('T7', acacia);
  await whole.time('T7-E', 30, '2026-03-05');
  await whole.resolves();
  await msp.send(ticketCommands.MergeTicket, { ticketId: 'T6', into: 'T7', reason: 'one outage' }, { actor: OMAR });
  await whole.isOf({ clientId: bluegum, contractId: `${bluegum}-1` });
  await msp.house.settle();
}
