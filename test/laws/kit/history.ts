import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, isRefusal, type Actor, type Instant, type MoneyJson, type Month } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import {
  billingCommands as billing,
  contractCommands as contracts,
  type CommandAnswer,
  type CommandClass,
} from '@billtrail/application';
import type { Stage } from '@billtrail/ticketing';
import { ACCOUNTANT, ADMIN, House, type Sending } from './house.js';
import { PARTIES } from './parties.js';
import { CONFIGURATION, inCurrency } from './time-and-materials.js';

/** In memory where the system has such a folder: what a disk does to a log is another proof's. */
const QUICK_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const BEGINNING = '2026-03-12T09:00:00+11:00';

/** What the teller of a history remembers, to choose the next command by: only from what was accepted. */
export interface TicketNote {
  readonly ticketId: string;
  clientId: string | null;
  stage: Stage;
  svrApproved: boolean;
  timer: string | null;
  /** The stage that it had before it was merged into another. Absent: it was not. */
  stageBefore?: Stage;
  readonly works: WorkNote[];
}
export interface WorkNote {
  readonly ticketId: string;
  readonly id: string;
  readonly kind: 'time' | 'material' | 'expense';
  /** Start and end are known: its day is one of the client's zone. */
  timed?: boolean;
  voided: boolean;
}
export interface InvoiceNote {
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  stage: 'draft' | 'approved' | 'issued' | 'discarded';
}

export interface BlockNote {
  readonly contractId: string;
  readonly blockId: string;
  /** Of money a part of it; null: minutes. */
  readonly holds: PrepaidAmount | null;
  readonly price: MoneyJson | null;
}

export type Tally = Map<string, { accepted: number; refused: Map<string, number> }>;

/** What was told until it was parked. */
export interface Parked {
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly tickets: readonly TicketNote[];
  readonly ids: number;
  readonly now: Instant;
  readonly sent: number;
}

function newFolder(): string {
  return mkdtempSync(join(QUICK_FOLDER, 'laws-'));
}

/** One random history while it is told. */
export class History {
  readonly tickets: TicketNote[] = [];
  readonly invoices: InvoiceNote[] = [];
  readonly blocks: BlockNote[] = [];
  private ids = 0;

  private constructor(
    readonly house: House,
    /** The data folder: the log and the read models of a history are files, so that it can be restarted and its rows be looked at. */
    readonly folder: string,
    readonly tally: Tally,
  ) {}

  /** Clients and their contracts are known and the configuration is published: what every history begins with. */
  static async begin(tally: Tally): Promise<History> {
    const folder = newFolder();
    const history = new History(await House.open(BEGINNING, folder), folder, tally);
    await history.send(billing.PublishConfiguration, { configuration: CONFIGURATION }, ADMIN);
    for (const { contracts: ofClient, ...details } of PARTIES) {
      const { clientId, currency } = details;
      const client = { name: clientId, ...details };
      await history.send(contracts.RegisterClient, client, ACCOUNTANT);
      for (const { contractId, priority, terms } of ofClient) {
        const version = { effectiveFrom: '2026-01-01', terms: inCurrency(terms, currency) };
        await history.send(
          contracts.ActivateContract,
          { contractId, clientId, name: contractId, priority, ...version },
          ACCOUNTANT,
        );
      }
    }
    return history;
  }

  /** Closes it, and keeps what its folder held for others to go on from. */
  async park(): Promise<Parked> {
    const { tickets, ids, folder, house } = this;
    const { now, sent } = house;
    await house.close();
    const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
    rmSync(folder, { recursive: true });
    return { tickets, ids, files, now, sent };
  }

  /** Goes on from a copy of what was parked. */
  static async goOn({ tickets, ids, files, now, sent }: Parked, tally: Tally): Promise<History> {
    const folder = newFolder();
    for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
    const history = new History(await House.open(now, folder, sent), folder, tally);
    history.tickets.push(...structuredClone(tickets));
    history.ids = ids;
    return history;
  }

  async close(): Promise<void> {
    await this.house.close();
    rmSync(this.folder, { recursive: true });
  }

  nextId(prefix: string): string {
    this.ids += 1;
    return `${prefix}${this.ids}`;
  }

  /** The day of some work: mostly within the last days, at most 45 days back. */
  dayBack(number: number): string {
    return addDays(this.house.now.slice(0, 10), -(number % 4 === 0 ? number % 45 : number % 9));
  }

  works(wanted: (work: WorkNote) => boolean): readonly WorkNote[] {
    return this.tickets.flatMap((ticket) => ticket.works.filter((work) => !work.voided && wanted(work)));
  }

  /** False where it was refused, or waits for a second person. */
  async send<C extends object>(
    type: CommandClass<C>,
    input: object,
    actor: Actor,
    { agreed = false, ...sending }: Omit<Sending, 'actor'> & { readonly agreed?: boolean } = {},
  ): Promise<boolean> {
    const { house } = this;
    const by = { ...sending, actor };
    const answer = await (agreed ? house.sendAgreed(type, input, by) : house.send(type, input, by));
    this.count(type, answer);
    return !isRefusal(answer) && answer.waits !== true;
  }

  private count(type: CommandClass, answer: CommandAnswer): void {
    const counted = this.tally.get(type.name) ?? { accepted: 0, refused: new Map<string, number>() };
    this.tally.set(type.name, counted);
    if (!isRefusal(answer)) counted.accepted += 1;
    else counted.refused.set(answer.code, (counted.refused.get(answer.code) ?? 0) + 1);
  }
}

/** The chosen one of a list; undefined where it is empty. */
export function chosen<Element>(list: readonly Element[], number: number): Element | undefined {
  return list[number % Math.max(list.length, 1)];
}
