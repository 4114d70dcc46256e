import { describe, expect, it } from '@jest/globals';
import type { ParkedStream } from '@billtrail/read-models';
import { ToldParked } from './told-parked.js';

describe('what is parked', () => {
  it('is told once for each stream, month and cause, and again where it is another', () => {
    let items: { stream: string; period: string | null; cause: string }[] = [];
    const known = { parkedInShort: () => (items.length === 0 ? null : {}), parkedStreams: () => ({ items }) };
    const told: string[] = [];
    const parked = new ToldParked({ known } as never, ({ stream, cause }: ParkedStream) =>
      told.push(`${stream} ${cause}`),
    );
    parked.look();
    items = [{ stream: 'ticket-T1', period: '2026-03', cause: 'one' }];
    parked.look();
    parked.look();
    items = [{ ...items[0]!, cause: 'other' }];
    parked.look();
    items = [];
    parked.look();
    expect(told).toEqual(['ticket-T1 one', 'ticket-T1 other']);
  });
});
