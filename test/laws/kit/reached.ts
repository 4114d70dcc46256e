import { commandDefinitions } from '@billtrail/application/testing';
import type { Tally } from './history.js';
import type { Look } from './look.js';

/** What the histories of a run came to: a law is only worth something over what they reach. */
export class Reached {
  readonly tally: Tally = new Map();
  private readonly counts = new Map<string, number>();

  histories = 0;
  looks = 0;

  readonly onLook = (look: Look, isEnd: boolean): void => {
    this.looks += 1;
    if (!isEnd || !look.isSettled) return;
    this.histories += 1;
    const { items, recordedGaps } = look.observed;
    for (const item of items) {
      this.count(`disposition ${item.disposition}`);
      if (item.net?.amount.startsWith('-')) this.count('credits');
    }
    for (const gap of recordedGaps) {
      this.count(`gap ${gap.kind}`);
      if (gap.ending !== null) this.count(`ending ${gap.ending}`);
    }
    const issued = look.invoices.filter((invoice) => invoice.issued !== null);
    const lines = issued.flatMap((invoice) => invoice.lines);
    this.count('invoices', issued.length);
    this.count('adjustments invoiced', lines.filter(({ itemId, workItemId }) => itemId !== workItemId).length);
    this.count('credit notes', look.creditNotes.length);
  };

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** The kinds of something that were reached, sorted. */
  kinds(prefix: string): readonly string[] {
    const names = [...this.counts.keys()].filter((name) => name.startsWith(`${prefix} `));
    return names.map((name) => name.slice(prefix.length + 1)).sort();
  }

  commandsNever(how: 'accepted' | 'refused'): readonly string[] {
    const names = commandDefinitions.map(({ command }) => command.name);
    const times = (name: string): number => {
      const counted = this.tally.get(name);
      return (how === 'accepted' ? counted?.accepted : counted?.refused.size) ?? 0;
    };
    return names.filter((name) => times(name) === 0).sort();
  }

  refusals(): readonly string[] {
    return [...new Set([...this.tally.values()].flatMap(({ refused }) => [...refused.keys()]))].sort();
  }

  private count(what: string, times = 1): void {
    if (times > 0) this.counts.set(what, this.of(what) + times);
  }
}
