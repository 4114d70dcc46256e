import { afterEach, beforeEach, describe } from '@jest/globals';
import { NAMES, type OpenStore, type OpenedStore, type UnderTest } from './fixtures.js';
import { describeAppending } from './appending.js';
import { describeClaiming } from './claiming.js';
import { describeCopying } from './copying.js';
import { describeLimits } from './limits.js';
import { describeReading } from './reading.js';
import { describeSubscribing } from './subscribing.js';

export { sealedBytes } from './sealed-bytes.js';
export type { OpenStore } from './fixtures.js';
export { KeysInMemory } from './keys-in-memory.js';
export { RandomlyStepping, RandomSteps } from './random-steps.js';

/**
 * Everything that the port promises, for any adapter. `open` gives a new, empty log for the stored names it is handed.
 * No test sleeps: what runs at the same time is waited for by its own signals.
 */
export function describeEventStoreContract(name: string, open: OpenStore): void {
  describe(`event store contract: ${name}`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open(NAMES);
    });
    afterEach(async () => {
      await opened.dispose();
    });
    const underTest: UnderTest = {
      get store() {
        return opened.store;
      },
      get seals() {
        return opened.seals;
      },
      reopen: (names) => opened.reopen(names),
    };
    describeAppending(underTest);
    describeClaiming(underTest);
    describeReading(underTest);
    describeSubscribing(underTest);
    describeLimits(underTest);
    describeCopying(underTest, () => open(NAMES));
  });
}
