/** A monotonic clock: the business clock may jump. */
export type Milliseconds = () => number;

interface Window {
  count: number;
  readonly until: number;
}

/** Counts by name what happens within a time that begins with the first of it. It remembers so many names; then the one that began first is forgotten. */
export class Windows {
  private readonly open = new Map<string, Window>();

  constructor(
    private readonly lengthMs: number,
    private readonly names: number,
    private readonly now: Milliseconds = () => performance.now(),
  ) {}

  /** Counts one more. Seconds, rounded up, until the window ends in which more than `most` have happened; null: no more have. */
  count(name: string, most: number): number | null {
    const now = this.now();
    const window = this.windowOf(name, now);
    window.count++;
    return window.count > most ? Math.max(1, Math.ceil((window.until - now) / 1_000)) : null;
  }

  private windowOf(name: string, now: number): Window {
    const known = this.open.get(name);
    if (known !== undefined && known.until > now) return known;
    this.open.delete(name);
    // They are in the order in which they began, so the first one ends first.
    for (const [oldest] of this.open) {
      if (this.open.size < this.names) break;
      this.open.delete(oldest);
    }
    const begun = { count: 0, until: now + this.lengthMs };
    this.open.set(name, begun);
    return begun;
  }
}
