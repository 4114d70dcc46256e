import { describe, expect, it } from '@jest/globals';
import { keyStream } from '../claims.js';
import { ClaimTaken, InvalidStoreRequest, WrongExpectedVersion } from '../errors.js';
import type { Appended, Claim } from '../port.js';
import { Position, START } from '../position.js';
import { OCCURRED_AT, everything, note, request, textsOf, type UnderTest } from './fixtures.js';

const KEY = keyStream('user-7', 'k1');
const CLAIM: Claim = { key: KEY, fingerprint: 'f1' };

export function describeClaiming(log: UnderTest): void {
  const sent = (stream: string, commandId: string, text: string, claims: readonly Claim[] = [CLAIM]) =>
    log.store.append(request(stream, commandId, [note(text)], { expected: 'any' }), claims);

  describe('claims', () => {
    it('stand in the log before what was appended under them, and say where it is', async () => {
      const appended = await sent('ticket-1', 'a', '1');
      const [claim, event] = await everything(log.store);
      expect(claim).toMatchObject({
        stream: KEY,
        version: 1,
        type: 'KeyClaimed',
        data: { stream: 'ticket-1', fingerprint: 'f1' },
        commandId: 'a',
        actor: { id: 'user-7' },
      });
      expect(event).toMatchObject({ stream: 'ticket-1', version: 1 });
      expect(Position.of(event!)).toEqual(appended.position);
      expect(appended.position.isAfter(Position.of(claim!))).toBe(true);
      expect(appended).toMatchObject({ version: 1, repeated: false });
      const claimed = await log.store.claimed(KEY);
      expect(claimed).toMatchObject({ key: KEY, stream: 'ticket-1', fingerprint: 'f1' });
      expect(['f1', 'f2'].map((fingerprint) => claimed?.isFor(fingerprint))).toEqual([true, false]);
      expect(await log.store.claimed(keyStream('user-8', 'k1'))).toBeNull();
    });

    it('for what the append itself was asked for are for the same, and its repeat completes them', async () => {
      const { fingerprint } = request('ticket-1', 'a', [note('1')]);
      await sent('ticket-1', 'a', '1', [{ key: KEY, fingerprint }]);
      const claimed = await log.store.claimed(KEY);
      expect([fingerprint, 'f1'].map((one) => claimed?.isFor(one))).toEqual([true, false]);
      for (const held of [fingerprint, claimed!.fingerprint])
        await sent('ticket-1', 'b', '1', [{ key: KEY, fingerprint: held }]).then(() => undefined);
      await expect(sent('ticket-1', 'c', '2', [{ key: KEY, fingerprint: 'f1' }])).rejects.toEqual(new ClaimTaken(KEY));
    });

    it('a repeat gets the first answer and claims nothing more', async () => {
      const first = await sent('ticket-1', 'a', '1');
      const store = await log.reopen();
      const again = await store.append(request('ticket-1', 'a', [note('1')]), [CLAIM, { ...CLAIM, key: 'key-2' }]);
      expect(again).toEqual({ ...first, repeated: true });
      expect(await everything(store)).toHaveLength(2);
    });

    it.each([
      ['another stream', 'ticket-2', CLAIM],
      ['another request', 'ticket-1', { ...CLAIM, fingerprint: 'f2' }],
    ])('of %s are refused, and write nothing', async (_what, stream, claim) => {
      await sent('ticket-1', 'a', '1');
      const free = { ...CLAIM, key: 'key-free' };
      await expect(sent(stream, 'b', '2', [free, claim])).rejects.toEqual(new ClaimTaken(KEY));
      expect(textsOf(await everything(log.store))).toEqual([undefined, '1']);
    });

    it('that were interrupted are completed: the key is taken for the same, and nothing was appended under it yet', async () => {
      const data = { stream: 'ticket-1', fingerprint: 'f1' };
      const claimed = { type: 'KeyClaimed', data, occurredAt: OCCURRED_AT };
      await log.store.append(request(KEY, 'a', [claimed], { expected: 'none' }));
      expect(await sent('ticket-1', 'a', '1')).toMatchObject({ version: 1, repeated: false });
      expect(await everything(log.store)).toHaveLength(2);
      await expect(sent('ticket-2', 'a', '1')).rejects.toEqual(new ClaimTaken(KEY));
    });

    it('are the same whatever else is stored of them, and in whatever order', async () => {
      const data = { version: 2, fingerprint: 'f1', stream: 'ticket-1' };
      const claimed = { type: 'KeyClaimed', data, occurredAt: OCCURRED_AT };
      await log.store.append(request(KEY, 'a', [claimed], { expected: 'none' }));
      expect(await sent('ticket-1', 'a', '1')).toMatchObject({ version: 1, repeated: false });
    });

    it('are looked at before the version, and what is refused can be sent again at another', async () => {
      await sent('ticket-1', 'a', '1');
      const late = (expected: number, claim: Claim) =>
        log.store.append(request('ticket-1', 'b', [note('2')], { expected }), [claim]);
      await expect(late(7, { ...CLAIM, fingerprint: 'f2' })).rejects.toEqual(new ClaimTaken(KEY));
      const free = { ...CLAIM, key: 'key-free' };
      await expect(late(7, free)).rejects.toEqual(new WrongExpectedVersion('ticket-1', 7, 1));
      expect(await late(1, free)).toMatchObject({ version: 2, repeated: false });
    });

    it('of several keys are taken together', async () => {
      const other = { key: 'invoice-I1', fingerprint: 'f2' };
      await sent('ticket-1', 'a', '1', [CLAIM, other]);
      for (const claim of [CLAIM, other])
        expect(await log.store.claimed(claim.key)).toMatchObject({ stream: 'ticket-1', ...claim });
    });

    it('of 50 streams at the same time: one has it, the others have nothing', async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => sent(`ticket-${n}`, 'a', `${n}`)));
      const done = outcomes.filter(
        (outcome): outcome is PromiseFulfilledResult<Appended> => outcome.status === 'fulfilled',
      );
      expect(done).toHaveLength(1);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(reasons).toEqual(reasons.map(() => new ClaimTaken(KEY)));
      expect(await everything(log.store)).toHaveLength(2);
    });

    it('that make no sense are refused', async () => {
      for (const claims of [
        [CLAIM, CLAIM],
        [{ ...CLAIM, key: 'ticket-1' }],
        [{ ...CLAIM, key: '' }],
        [{ ...CLAIM, fingerprint: '' }],
      ])
        await expect(sent('ticket-1', 'a', '1', claims)).rejects.toThrow(InvalidStoreRequest);
      expect(await log.store.head()).toEqual(START);
    });
  });
}
