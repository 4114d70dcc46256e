import type { Capabilities } from '../capabilities.js';
import { PositionUnknown } from '../errors.js';
import type {
  AllSlice,
  Appended,
  Claim,
  Claimed,
  AppendRequest,
  EventStore,
  Loaded,
  Newest,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
  SubscribeOptions,
} from '../port.js';
import { Position, START, type PositionNumber } from '../position.js';

/** Steps between positions are 1 to this. */
const WIDEST_STEP = 1_000;

/** The positions of one log, over its reopenings: which number each event has here, and which positions were given out. */
export class RandomSteps {
  private readonly numbers = [0];
  /** By their text: the position in the log behind. */
  private readonly given = new Map([[String(START), START]]);

  /** `seed`: another one has other steps. */
  constructor(private readonly seed = 1) {}

  tell(position: Position): Position {
    if (position.is(START)) return START;
    const told = Position.of({ position: this.outward(position.at), id: position.tag });
    this.given.set(String(told), position);
    return told;
  }

  /** The position in the log behind. @throws PositionUnknown where it was never given out: somebody computed it. */
  inward(position: Position): Position {
    const behind = this.given.get(String(position));
    if (behind === undefined) throw new PositionUnknown(position);
    return behind;
  }

  private outward(at: PositionNumber): PositionNumber {
    while (this.numbers.length <= at) {
      const n = this.numbers.length;
      const step = 1 + ((Math.imul(n + this.seed, 2_654_435_761) >>> 8) % WIDEST_STEP);
      this.numbers.push((this.numbers[n - 1] as number) + step);
    }
    return this.numbers[at] as PositionNumber;
  }
}

/** A store as others may be: its positions rise by random steps, and it takes none that it never gave out. */
export class RandomlyStepping implements EventStore {
  constructor(
    private readonly behind: EventStore,
    private readonly steps: RandomSteps,
  ) {}

  async append(request: AppendRequest, claims?: readonly Claim[]): Promise<Appended> {
    return this.appended(await this.behind.append(request, claims));
  }

  async load(stream: StreamName, commandId: string, options?: ReadStreamOptions): Promise<Loaded> {
    const { done, ...slice } = await this.behind.load(stream, commandId, options);
    return { ...this.slice(slice), done: done && { ...done, ...this.appended(done) } };
  }

  claimed(key: StreamName): Promise<Claimed | null> {
    return this.behind.claimed(key);
  }

  async readStream(stream: StreamName, options?: ReadStreamOptions): Promise<StreamSlice> {
    return this.slice(await this.behind.readStream(stream, options));
  }

  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    const { after, upTo } = options;
    const range = { after: this.steps.inward(after), ...(upTo && { upTo: this.steps.inward(upTo) }) };
    return this.all(await this.behind.readAll({ ...options, ...range }));
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<AllSlice> {
    const after = this.steps.inward(options.after);
    for await (const slice of this.behind.subscribe({ ...options, after })) yield this.all(slice);
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    const event = await this.behind.eventAt(this.steps.inward(position));
    return event && this.event(event);
  }

  async head(): Promise<Position> {
    return this.steps.tell(await this.behind.head());
  }

  async newest(): Promise<Newest | null> {
    const newest = await this.behind.newest();
    return newest && { ...newest, position: this.steps.tell(newest.position) };
  }

  /** It has no chain: whoever asks for one must do without. What is copied holds no positions. */
  capability<Name extends keyof Capabilities>(name: Name): Capabilities[Name] | null {
    return name === 'copying' ? this.behind.capability(name) : null;
  }

  damage(): ReturnType<EventStore['damage']> {
    return this.behind.damage();
  }

  close(): Promise<void> {
    return this.behind.close();
  }

  private appended(appended: Appended): Appended {
    return { ...appended, position: this.steps.tell(appended.position) };
  }

  private slice<Slice extends StreamSlice>(slice: Slice): Slice {
    return { ...slice, events: slice.events.map((event) => this.event(event)) };
  }

  private all(slice: AllSlice): AllSlice {
    const events = slice.events.map((event) => this.event(event));
    return { ...slice, events, next: this.steps.tell(slice.next) };
  }

  private event(event: RecordedEvent): RecordedEvent {
    const { at } = this.steps.tell(Position.of(event));
    return { ...event, position: at };
  }
}
