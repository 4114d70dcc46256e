import { join } from 'node:path';
import { localDateIn } from '@billtrail/kernel';
import { configurationOf, todayOf, type Billtrail } from '@billtrail/application';
import { Position, categoryOf, type RecordedEvent } from '@billtrail/event-store';
import { MAX_PAGE, neededOf, readModelsAsOf, type ReadModels } from '@billtrail/read-models';
import { LAWS_OF_ANY_TERMS } from '../fuzz/laws.js';
import { Refolded, rowsIn, type Rows } from '../laws/kit/dump.js';
import { documentsOf, lookAt, type Look, type Twice } from '../laws/kit/look.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { Model } from '../laws/kit/model.js';
import { observe } from '../laws/kit/observed.js';

/** Positions from one question as of then to the next: it folds a part of the log anew. */
const ASKED_EVERY = 40;
/** At so many positions the log is folded anew in one go, beside what was folded event by event. */
const FOLDED_ANEW = 3;

export interface LooksAtLaws {
  /** What is broken, each kind told once, with the position at which it was seen first. */
  readonly findings: readonly string[];
  readonly looks: number;
}

/** The laws L1 to L9 of one log. */
export class EveryPosition {
  private readonly firstSeen = new Map<string, string>();
  private looks = 0;
  private issuedBefore: Look['issuedBefore'] = new Map();

  private constructor(
    private readonly billtrail: Billtrail,
    private readonly events: readonly RecordedEvent[],
  ) {}

  /**
   * The log is folded anew event by event, and looked at after each. A claim of a key is no news to anybody: after it nothing else is seen than before it. At the end all that policies record must
   * be there, and the rows that the servers left must be those of the log.
   */
  static async look(billtrail: Billtrail, events: readonly RecordedEvent[], folder: string): Promise<LooksAtLaws> {
    const all = new EveryPosition(billtrail, events);
    const refolded = await Refolded.over(billtrail.store, folder);
    try {
      await all.onTheWay(refolded, folder);
      await all.lookAtEnd({
        of: 'as the servers left them and folded event by event',
        one: rowsIn(join(folder, 'read-models.db')),
        other: await refolded.rowsAt(await billtrail.store.head()),
      });
    } finally {
      await refolded.close();
    }
    return all.told();
  }

  /** The same at the end alone. */
  static async lookAtEnd(billtrail: Billtrail, events: readonly RecordedEvent[]): Promise<LooksAtLaws> {
    const all = new EveryPosition(billtrail, events);
    await all.lookAtEnd(null);
    return all.told();
  }

  private told(): LooksAtLaws {
    return { findings: [...this.firstSeen].map(([finding, at]) => `${at}: ${finding}`), looks: this.looks };
  }

  private async onTheWay(refolded: Refolded, folder: string): Promise<void> {
    const { models } = refolded;
    const model = new Model();
    const told: RecordedEvent[] = [];
    const foldedAnewEvery = Math.ceil(this.events.length / (FOLDED_ANEW + 1));
    for (const event of this.events) {
      told.push(event);
      model.apply(event);
      if (categoryOf(event.stream) === 'key') continue;
      const at = Position.of(event);
      await models.catchUp({ upTo: at });
      const zone = model.configuration.organisation.timeZone;
      const observed = await observe(models, model.tickets.keys(), localDateIn(zone, event.recordedAt));
      const travelled = await this.askedAsOf(models, event);
      const rebuilt = told.length % foldedAnewEvery === 0 ? [await this.foldedInOneGo(refolded, at, folder)] : [];
      this.judge({ model, observed, isSettled: false, rebuilt, travelled, ...documentsOf(told, observed) }, String(at));
    }
  }

  private judge(seen: Omit<Look, 'issuedBefore'>, at: string): void {
    this.looks += 1;
    for (const broken of brokenLaws({ ...seen, issuedBefore: this.issuedBefore }, LAWS_OF_ANY_TERMS))
      if (!this.firstSeen.has(broken)) this.firstSeen.set(broken, at);
    this.issuedBefore = seen.issuedNow;
  }

  /** What the read models of the whole log tell of this position, beside those that have come to it: of the ticket that it is about, and now and then of its client. */
  private async askedAsOf(models: ReadModels, event: RecordedEvent): Promise<readonly Twice[]> {
    const at = Position.of(event);
    const asked: Twice[] = [];
    if (categoryOf(event.stream) === 'ticket') {
      const ticketId = event.stream.slice('ticket-'.length);
      const [one, other] = await Promise.all([
        timelineOf(models, ticketId, at),
        timelineOf(this.billtrail.models, ticketId, at),
      ]);
      asked.push({ of: `timeline of ${ticketId}`, one, other });
    }
    const { clientId } = event.data as { readonly clientId?: unknown };
    if (this.looks % ASKED_EVERY === 0 && typeof clientId === 'string') {
      const { store, models: live } = this.billtrail;
      const then = await readModelsAsOf(store, at, neededOf({ clientId }, at, live));
      try {
        asked.push({
          of: `items and gaps of ${clientId}`,
          one: await ofClient(models, clientId),
          other: await ofClient(then, clientId),
        });
      } finally {
        await then.close();
      }
    }
    return asked;
  }

  private async foldedInOneGo(refolded: Refolded, at: Position, folder: string): Promise<Twice> {
    const inOneGo = await Refolded.over(this.billtrail.store, folder, 'in-one-go.db');
    try {
      return {
        of: 'folded event by event and in one go',
        one: await refolded.rowsAt(at),
        other: await inOneGo.rowsAt(at),
      };
    } finally {
      await inOneGo.remove();
    }
  }

  private async lookAtEnd(rebuilt: Twice | null): Promise<void> {
    const { billtrail, events } = this;
    const today = async (): Promise<string> => todayOf(await configurationOf(billtrail.store), billtrail.clock());
    const house = { billtrail, events: () => Promise.resolve(events), today };
    this.judge(await lookAt({ house }, { isSettled: true, rebuilt: rebuilt === null ? [] : [rebuilt] }), 'at the end');
  }
}

async function timelineOf({ timeline }: ReadModels, ticketId: string, upTo: Position): Promise<Rows> {
  const told = await timeline.timeline(ticketId, { upTo, limit: MAX_PAGE });
  return (told?.items ?? []).map((entry) => JSON.stringify(entry));
}

async function ofClient(models: ReadModels, clientId: string): Promise<Rows> {
  const page = { limit: MAX_PAGE };
  const lists = await Promise.all([
    models.billableItems.list({ clientId }, page),
    models.charges.list({ clientId }, page),
    models.gaps.list({ clientId }, page),
    models.invoices.list({ clientId }, page),
  ]);
  return lists.flatMap(({ items }) => items.map((item) => JSON.stringify(item)));
}
