import { describe, expect, it } from '@jest/globals';
import { Position, PositionUnknown, StoreUnavailable, UnknownStoredEvent } from '@billtrail/event-store';
import { refuse } from '@billtrail/kernel';
import { InvalidPageRequest, NotKnown, ReadModelStopped } from '@billtrail/read-models';
import { errorOf, failureTold, keysOfTold, keysTold, readAnswer, written } from './past-messages.js';

const POSITION = Position.parse('912.3f0a96d1')!;

/** X8 */
describe('what crosses between the threads', () => {
  it.each([
    new StoreUnavailable('disk-full', 'the disk is full', 'Free some'),
    new PositionUnknown(POSITION),
    new UnknownStoredEvent('ticket-1', 'it is newer', 'sealed'),
    new UnknownStoredEvent('ticket-1', 'it is newer'),
    new ReadModelStopped('sla', POSITION, 'it could not'),
    new ReadModelStopped('sla', null, 'it could not'),
    new InvalidPageRequest(refuse('page-limit', 'too many', 'ask for less', { most: 200 })),
    new Error('broken'),
  ])('is an error of the same kind, with all that it tells: %s', (error) => {
    const told = readAnswer(written(failureTold(error)));
    const again = told.kind === 'failed' ? errorOf(told.error) : null;
    expect(again?.constructor).toBe(error.constructor);
    expect({ ...again, message: again?.message, stack: again?.stack }).toEqual({
      ...error,
      message: error.message,
      stack: error.stack,
    });
  });

  it('is the refusal of what is not known as an answer', () => {
    const refusal = refuse('NotKnown', 'not all is known', 'see readiness');
    const notKnown = Object.assign(Object.create(NotKnown.prototype) as NotKnown, { refusal });
    expect(readAnswer(written(failureTold(notKnown)))).toEqual({ kind: 'answer', answer: refusal });
  });

  it.each(['SQLITE_CANTOPEN', 'SQLITE_IOERR_GETTEMPPATH', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY_DIRECTORY'])(
    'is a refusal that says where to make room, where no temporary file can be written: %s',
    (code) => {
      const error = Object.assign(new Error('unable to open database file'), { code });
      expect(readAnswer(written(failureTold(error)))).toMatchObject({
        kind: 'answer',
        answer: {
          code: 'PastUnanswered',
          remedy: expect.stringContaining('TMPDIR'),
          details: { cause: 'unable to open database file' },
        },
      });
    },
  );

  it('of a fault in SQL is no matter of files', () => {
    const error = Object.assign(new Error('no such column'), { code: 'SQLITE_ERROR' });
    expect(failureTold(error)).toMatchObject({ kind: 'failed', error: { name: 'Error' } });
  });

  it('is keys as bytes', () => {
    const keys = new Map([['ticket-1', { keys: [Buffer.from([0, 255, 7]), Buffer.from('b')], lostUpTo: 3 }]]);
    expect(keysOfTold(keysTold(keys))).toEqual(keys);
  });
});
