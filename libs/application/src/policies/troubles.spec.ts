import { describe, expect, it } from '@jest/globals';
import { InvariantViolation } from '@billtrail/kernel';
import { ClockSuspect, START, StoreUnavailable, UnknownStoredEvent } from '@billtrail/event-store';
import { ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { Troubles, type PolicyTrouble } from './troubles.js';

const failing = (error: unknown) => async (): Promise<never> => {
  throw error;
};

describe('what a policy throws', () => {
  const opened = () => {
    const told: PolicyTrouble[] = [];
    return { told, troubles: new Troubles({ onTrouble: (trouble) => told.push(trouble) }) };
  };

  it.each([new InvariantViolation('broken'), new TypeError('broken'), 'broken', undefined])(
    'is named, told once, and ends neither the others nor the round (%p)',
    async (error) => {
      const { told, troubles } = opened();
      const done: string[] = [];
      const round = () =>
        troubles.round(async () => {
          await troubles.policy('first', async (attempt) => {
            for (const name of ['a', 'b', 'c'])
              await attempt(async () => {
                if (name !== 'c') throw error;
                done.push(name);
              });
          });
          await troubles.policy('second', failing(error));
          done.push('third');
        });
      await round();
      await round();
      expect(done).toEqual(['c', 'third', 'c', 'third']);
      const cause = error === undefined ? 'undefined' : 'broken';
      expect(troubles.all()).toEqual([
        { policy: 'first', cause, times: 2 },
        { policy: 'second', cause, times: 1 },
      ]);
      expect(told.map(({ policy }) => policy)).toEqual(['first', 'second']);
      expect(troubles.refused()).toBeNull();
    },
  );

  it('is forgotten once it could be done, and told anew where it comes again or is another', async () => {
    const { told, troubles } = opened();
    await troubles.policy('one', failing(new Error('first')));
    await troubles.policy('one', async () => null);
    expect(troubles.all()).toEqual([]);
    await troubles.policy('one', failing(new Error('first')));
    await troubles.policy('one', failing(new Error('second')));
    expect(told.map(({ cause }) => cause)).toEqual(['first', 'first', 'second']);
  });

  it('is counted and told by each run for itself, where runs overlap', async () => {
    const { told, troubles } = opened();
    const twice = async (between: () => Promise<unknown>) =>
      troubles.policy('one', async (attempt) => {
        await attempt(failing(new Error('broken')));
        await between();
        await attempt(failing(new Error('broken')));
      });
    await twice(() => twice(async () => undefined));
    expect(troubles.all()).toEqual([{ policy: 'one', cause: 'broken', times: 2 }]);
    expect(told).toHaveLength(1);
  });

  it('is thrown for whoever waits for what it concerns, once all else of the policy was tried', async () => {
    const { troubles } = opened();
    const done: string[] = [];
    const run = (concerned: string) =>
      troubles.policy(
        'one',
        async (attempt) => {
          await attempt(failing(new Error('acme is broken')), 'acme');
          await attempt(async () => done.push(concerned), 'bolt');
        },
        (clientId) => clientId === null || clientId === concerned,
      );
    await run('bolt');
    await expect(run('acme')).rejects.toMatchObject({
      name: 'PolicyFailed',
      refusal: { code: 'PolicyFailed', details: { policy: 'one', clientId: 'acme' } },
    });
    expect(done).toEqual(['bolt', 'acme']);
    const whole = troubles.policy('two', failing(new Error('broken')), (clientId) => clientId === null);
    await expect(whole).rejects.toMatchObject({ refusal: { details: { clientId: null } } });
    expect(troubles.all().map(({ policy }) => policy)).toEqual(['one', 'two']);
  });

  it('ends the round where it is nobody’s, and is forgotten with the next that goes well', async () => {
    const { troubles } = opened();
    await troubles.round(failing(new Error('broken')));
    expect(troubles.all()).toEqual([{ policy: 'policies', cause: 'broken', times: 1 }]);
    await troubles.round(async () => undefined);
    expect(troubles.all()).toEqual([]);
  });

  it('is no trouble of the policy where it is parked: that is told by whom it concerns', async () => {
    const { troubles } = opened();
    const parked = Object.assign(Object.create(UnknownStoredEvent.prototype) as Error, { message: 'newer' });
    expect(await troubles.policy('one', async (attempt) => [await attempt(failing(parked)), 1])).toEqual([null, 1]);
    expect(troubles.all()).toEqual([]);
  });

  it.each([
    new StoreUnavailable('disk-full', 'full', 'free some'),
    new ClockSuspect('2026-03-02T00:00:00.000Z', '2025-03-02T00:00:00.000Z'),
  ])(
    'ends the round where it concerns the whole house, and is the reason until a round goes well ($name)',
    async (error) => {
      const { told, troubles } = opened();
      let others = 0;
      const round = (work: () => Promise<void>) =>
        troubles.round(async () => {
          await troubles.policy('one', (attempt) => attempt(work));
          others += 1;
        });
      await round(failing(error));
      expect([troubles.refused(), others, told]).toEqual([error, 0, []]);
      await round(async () => undefined);
      expect([troubles.refused(), others]).toEqual([null, 1]);
    },
  );

  it.each([new ReadModelStopped('gaps', null, 'poison'), new ReadModelsBehind(START, START)])(
    'ends the round where read models do not go on, which they tell themselves ($name)',
    async (error) => {
      const { told, troubles } = opened();
      await troubles.round(async () => {
        await troubles.policy('one', failing(error));
      });
      expect([troubles.refused(), troubles.all(), told]).toEqual([null, [], []]);
    },
  );
});
