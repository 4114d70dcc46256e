import { join } from 'node:path';
import { Position, START } from '@billtrail/event-store';
import { MAX_PAGE } from '@billtrail/read-models';
import { Refolded, rowsIn, type Rows } from './dump.js';
import { lookAt, type Look, type LookedAt, type Twice } from './look.js';

/** Rows of all read models are kept at each third look: they are dear. */
const ROWS_EVERY = 3;
/** So many tickets have their timeline asked again later. */
const TIMELINES = 2;

/** What is looked at while it is told: a history, or any other run of the house. */
export interface Watched {
  readonly house: LookedAt & { settle(): Promise<unknown> };
  /** The data folder. */
  readonly folder: string;
  readonly tickets: readonly { readonly ticketId: string }[];
}

/** Looks at one history while it is told, and remembers what must not change. */
export class Watcher {
  private looks = 0;
  private issued: ReadonlyMap<string, string> = new Map();
  private readonly rowsAt = new Map<Position, Rows>();
  /** By ticket and position. */
  private readonly timelines = new Map<string, Rows>();

  constructor(private readonly history: Watched) {}

  /** In turns as it is, and after the policies have acted: what they leave undone is history too. */
  async look(): Promise<Look> {
    this.looks += 1;
    const isSettled = this.looks % 2 === 0;
    if (isSettled) await this.history.house.settle();
    const look = await this.lookNow(isSettled, [...this.timelines.keys()].slice(-TIMELINES));
    if (this.looks % ROWS_EVERY === 1) await this.keepRows();
    await this.keepTimelines();
    return look;
  }

  /** Two looks at the end: as it is, and settled. The second one compares the rows of all positions that were kept. */
  async lookAtEnd(): Promise<readonly Look[]> {
    const asItIs = await this.lookNow(false, []);
    await this.history.house.settle();
    const settled = await this.lookNow(true, [...this.timelines.keys()]);
    const { rebuilt, travelled } = await this.compareRows();
    return [asItIs, { ...settled, rebuilt, travelled: [...settled.travelled, ...travelled] }];
  }

  private async lookNow(isSettled: boolean, asked: readonly string[]): Promise<Look> {
    await this.history.house.billtrail.upToDate();
    const travelled = await Promise.all(asked.map((key) => this.timelineAgain(key)));
    const look = await lookAt(this.history, { isSettled, issuedBefore: this.issued, travelled });
    this.issued = look.issuedNow;
    return look;
  }

  private async keepRows(): Promise<void> {
    this.rowsAt.set(await this.history.house.billtrail.store.head(), this.liveRows());
  }

  private liveRows(): Rows {
    return rowsIn(join(this.history.folder, 'read-models.db'));
  }

  private async keepTimelines(): Promise<void> {
    const position = await this.history.house.billtrail.store.head();
    for (const { ticketId } of this.history.tickets.slice(0, TIMELINES))
      this.timelines.set(`${ticketId} ${position}`, await this.timeline(ticketId));
  }

  private async timelineAgain(key: string): Promise<Twice> {
    const [ticketId = '', position = ''] = key.split(' ');
    const again = await this.timeline(ticketId, Position.parse(position) ?? START);
    return { of: `timeline of ${key}`, one: this.timelines.get(key) ?? [], other: again };
  }

  private async timeline(ticketId: string, upTo?: Position): Promise<Rows> {
    const { timeline } = this.history.house.billtrail.models;
    return ((await timeline.timeline(ticketId, { upTo, limit: MAX_PAGE }))?.items ?? []).map((entry) =>
      JSON.stringify(entry),
    );
  }

  /** The log folded anew, from position to position; at the end beside what followed it, and beside that filled again. */
  private async compareRows(): Promise<Pick<Look, 'rebuilt' | 'travelled'>> {
    const { store, models } = this.history.house.billtrail;
    const live = this.liveRows();
    const head = await store.head();
    const refolded = await Refolded.over(store, this.history.folder);
    const travelled: Twice[] = [];
    for (const [position, rows] of this.rowsAt)
      travelled.push({ of: `rows at ${position}`, one: rows, other: await refolded.rowsAt(position) });
    const folded = await refolded.rowsAt(head);
    await refolded.close();
    await models.rebuild();
    const rebuilt = [
      { of: 'live and folded anew', one: live, other: folded },
      { of: 'live and rebuilt', one: live, other: this.liveRows() },
    ];
    return { rebuilt, travelled };
  }
}
