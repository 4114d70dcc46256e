import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  WithdrawForgoingRequest,
  billingCommands as billing,
  ticketCommands as tickets,
  type CommandClass,
} from '@billtrail/application';
import { isRefusal, type Actor, type Instant } from '@billtrail/kernel';
import { MAX_PAGE, type Approval, type ReadModels } from '@billtrail/read-models';
import { ADMIN, House } from '../laws/kit/house.js';
import { versionOfWork } from '../laws/kit/work-version.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from '../scenarios/msp.js';
import { ANNA, OMAR, PRIYA } from '../scenarios/people.js';
import { creditedTwice, waitingInVain } from './forgone-by-log.js';

const CLIENT = 'bluegum';
const MARCH = '2026-03';
const DAY = '2026-03-10';
const AUD = 'AUD';
const LIMIT = { amount: '350.00', currency: AUD };
const WHY = { reasonCode: 'not-worth-it', comment: 'agreed with the owner' };
const PROCESSES = 3;
const WORKS = [0, 1, 2] as const;

const ACTS = [
  'accept-gap',
  'write-off',
  'write-off-by-two',
  'write-off-credit',
  'bill-again',
  'courtesy',
  'courtesy-withdrawn',
  'price',
  'invoice',
  'void',
  'correct',
  'withdraw',
] as const;

/** What one process is asked to do. */
interface Act {
  readonly by: number;
  readonly does: (typeof ACTS)[number];
  readonly which: number;
}

/** An act, and what another process does right before its first append; `interrupted`: the process stops after that. */
export interface Step extends Act {
  readonly meanwhile: Act | null;
  readonly interrupted: boolean;
}

const act = {
  by: fc.nat(PROCESSES - 1),
  does: fc.constantFrom(...ACTS),
  which: fc.constantFrom(...WORKS),
};

export const step: fc.Arbitrary<Step> = fc.record({
  ...act,
  meanwhile: fc.option(fc.record(act), { freq: 2 }),
  interrupted: fc.nat(5).map((one) => one === 0),
});

/** What is wrong with a history, by what each process says of it. */
export interface Told {
  readonly findings: readonly string[];
  /** Which states requests came to, and which codes were answered: that the history holds what it is to prove. */
  readonly seen: ReadonlySet<string>;
}

/** What must be found: a process that carries out what waits, one whose verdicts are of the order in which it read, read models that let nothing lapse. */
export type Bug = 'carries-out-what-waits' | 'verdicts-as-they-arrive' | 'nothing-lapses';

/** Histories of several processes on one folder, each behind the others until it acts, in which all kinds of acts forgo money, and documents are issued and credited. */
export class Verdicts {
  private runs = 0;

  private constructor(
    private readonly folder: string,
    private readonly now: Instant,
    private readonly gapIds: readonly string[],
  ) {}

  /** Gaps of 150.00 on T1, items of 150.00 on T2, lines of 150.00 on an invoice of T3; a limit of 350.00. */
  static async begin(): Promise<Verdicts> {
    const folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
    const msp = await Msp.opens('2026-04-01', { secondPersonAbove: LIMIT }, join(folder, 'story'));
    await msp.signs(CLIENT);
    const works = async (ticketId: string, name: string, approved: boolean): Promise<void> => {
      const ticket = await msp.ticket(ticketId, CLIENT);
      for (const n of WORKS) await ticket.time(`${name}${n}`, 60, DAY, { approved });
      if (!approved) await ticket.resolves();
    };
    await works('T3', 'F', true);
    await msp.house.settle();
    await msp.bills('I1', CLIENT, MARCH);
    await works('T1', 'G', false);
    await works('T2', 'W', true);
    await msp.days(20);
    const { items } = await msp.house.billtrail.models.gaps.list({ state: 'open', ticketId: 'T1' });
    const { now } = msp.house;
    await msp.closes();
    return new Verdicts(folder, now, items.map(({ gapId }) => gapId).sort());
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }

  async tell(steps: readonly Step[], bug: Bug | null = null): Promise<Told> {
    const dataDir = join(this.folder, `run-${++this.runs}`);
    cpSync(join(this.folder, 'story'), dataDir, { recursive: true });
    const houses: House[] = [];
    try {
      for (let n = 0; n < PROCESSES; n++) houses.push(await House.open(this.now, dataDir, (n + 1) * 1_000));
      if (bug === 'carries-out-what-waits') for (const house of houses) carriesOutWhatWaits(house);
      const history = new History(houses, this.gapIds, bug);
      for (const one of steps) await history.does(one);
      return { findings: await history.findings(), seen: history.seen };
    } finally {
      for (const house of houses) await house.close();
      rmSync(dataDir, { recursive: true });
    }
  }
}

class History {
  readonly seen = new Set<string>();
  private documents = 0;

  constructor(
    private readonly houses: readonly House[],
    private readonly gapIds: readonly string[],
    private readonly bug: Bug | null,
  ) {}

  async does({ meanwhile, interrupted, ...one }: Step): Promise<void> {
    const undo =
      meanwhile === null || meanwhile.by === one.by
        ? null
        : beforeTheNextAppend(this.house(one.by), () => this.acts(meanwhile, false));
    await this.acts(one, interrupted);
    undo?.();
  }

  private house(by: number): House {
    return this.houses[by] ?? this.houses[0]!;
  }

  private async acts({ by, does, which }: Act, interrupted: boolean): Promise<void> {
    const house = this.house(by);
    const tries = async <C extends object>(type: CommandClass<C>, input: object, actor: Actor = ANNA) => {
      const answer = await house.send(type, input, { actor, interrupted });
      this.seen.add(isRefusal(answer) ? answer.code : `${does} ${answer.waits === true ? 'waits' : 'taken'}`);
    };
    const item = { clientId: CLIENT, period: MARCH, itemId: `W${which}`, ...WHY };
    const onTicket = { ticketId: 'T2', timeEntryId: `W${which}` };
    const credit = (outcome: string) => ({
      ...WHY,
      invoiceId: 'I1',
      clientId: CLIENT,
      period: MARCH,
      creditNoteId: `C${++this.documents}`,
      items: [{ itemId: `F${which}`, outcome }],
    });
    switch (does) {
      case 'accept-gap':
        return tries(billing.AcceptBillingGap, { gapId: this.gapIds[which], ...WHY });
      case 'write-off':
        return tries(billing.WriteOffWork, item);
      case 'write-off-by-two':
        return void (await house.sendAgreed(billing.WriteOffWork, item, { actor: ANNA }));
      case 'write-off-credit':
        return tries(billing.IssueCreditNote, credit('written-off'));
      case 'bill-again':
        return tries(billing.IssueCreditNote, credit('bill-again'));
      case 'courtesy':
        return tries(tickets.GrantCourtesy, { ticketId: 'T2', workItemId: `W${which}`, reason: 'sorry' });
      case 'courtesy-withdrawn':
        return tries(tickets.WithdrawCourtesy, { ticketId: 'T2', workItemId: `W${which}`, reason: 'they pay' });
      case 'price':
        return tries(tickets.OverrideTimeEntryPrice, {
          ...onTicket,
          pricePerHour: { amount: `${which + 1}.00`, currency: AUD },
          reason: 'agreed',
        });
      case 'invoice': {
        const draft = { invoiceId: `D${++this.documents}`, clientId: CLIENT, period: MARCH };
        await house.send(billing.DraftInvoice, draft, { actor: ANNA });
        await house.send(billing.ApproveInvoice, draft, { actor: ANNA });
        return tries(billing.IssueInvoice, draft);
      }
      case 'void':
        return tries(tickets.VoidTimeEntry, { ...onTicket, reason: 'twice' }, PRIYA);
      case 'correct': {
        const entry = { engineerId: PRIYA.id, engineerRole: 'engineer', workType: 'remote', workDate: DAY };
        const minutes = 60 + 30 * (1 + (this.documents % 2));
        await tries(
          tickets.CorrectTimeEntry,
          { ...onTicket, ...entry, minutes, description: 'Worked', reason: 'mistyped' },
          ADMIN,
        );
        const version = await versionOfWork(house.billtrail.store, onTicket.ticketId, onTicket.timeEntryId);
        return tries(tickets.ApproveTimeEntry, { ...onTicket, version }, OMAR);
      }
      case 'withdraw': {
        const { items } = await house.billtrail.models.approvals.list({ state: 'waiting' });
        const request = items[which % Math.max(items.length, 1)];
        if (request !== undefined)
          await tries(WithdrawForgoingRequest, { requestId: request.requestId, reason: 'asked by mistake' });
      }
    }
  }

  /** Once all processes have read all, and done what is left to do. */
  async findings(): Promise<readonly string[]> {
    for (let round = 0; round < 2; round++) for (const house of this.houses) await house.settle();
    const [first] = this.houses;
    const { models } = first!.billtrail;
    const told = await Promise.all(this.houses.map((house) => verdictsOf(house.billtrail.models)));
    await models.rebuild();
    told.push(await verdictsOf(models));
    if (this.bug === 'verdicts-as-they-arrive')
      told[1] = told[1]!.replace(/"waitsBecause":\{[^}]*\}/u, '"waitsBecause":null');
    const events = await first!.events();
    const { items } = await models.approvals.list({}, { limit: MAX_PAGE });
    const requests = this.bug === 'nothing-lapses' ? items.map(unlapsed) : items;
    for (const { act: of, state, lapse } of requests) this.seen.add(`${of} ${lapse?.because ?? state}`);
    for (const { type } of events) if (type.endsWith('Withdrawn')) this.seen.add(type);
    return [
      ...told.flatMap((one, n) => (one === told[0] ? [] : [`process ${n} says ${one}, and process 0 ${told[0]}`])),
      ...requests.flatMap(({ requestId, state }) => (state === 'standing' ? [`${requestId} has no effect yet`] : [])),
      ...creditedTwice(events),
      ...waitingInVain(events, requests),
      ...brokenLaws(await lookAt({ house: first! }, { isSettled: true })).map(String),
    ];
  }
}

function unlapsed(request: Approval): Approval {
  return request.lapse === null ? request : { ...request, state: 'waiting', lapse: null };
}

function carriesOutWhatWaits(house: House): void {
  const { approvals } = house.billtrail.models;
  const judgedNow = approvals.judgedNow.bind(approvals);
  Object.assign(approvals, {
    judgedNow: (requestId: string) => {
      const judged = judgedNow(requestId);
      return judged === null || isRefusal(judged) ? judged : { ...judged, state: 'standing' };
    },
  });
}

async function verdictsOf({ approvals, creditNotes, invoices }: ReadModels): Promise<string> {
  const requests = (await approvals.list({}, { limit: MAX_PAGE })).items.map(
    ({ requestId, state, waitsBecause, approvedBy, lapse }) => ({ requestId, state, waitsBecause, approvedBy, lapse }),
  );
  const notes = (await creditNotes.list({}, { limit: MAX_PAGE })).items.map(({ creditNoteId, number, status }) => {
    return { creditNoteId, number, status };
  });
  const documents = (await invoices.list({}, { limit: MAX_PAGE })).items.map(({ invoiceId, number, status }) => {
    return { invoiceId, number, status };
  });
  return JSON.stringify({ requests, notes, documents });
}

/** Lets `meanwhile` happen once, right before what the house appends next. Answers what takes that back. */
function beforeTheNextAppend(house: House, meanwhile: () => Promise<void>): () => void {
  const { store } = house.billtrail;
  const append = store.append.bind(store);
  const undo = (): void => void Object.assign(store, { append });
  Object.assign(store, {
    append: async (...given: Parameters<typeof append>) => {
      undo();
      await meanwhile();
      return append(...given);
    },
  });
  return undo;
}
