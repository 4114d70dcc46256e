import { expect, it } from '@jest/globals';
import type { Request } from './operation.js';
import { judged } from './run.js';

const REQUEST: Request = {
  do: 'request',
  as: 'accounts-1',
  route: 'POST /v1/contracts/{contractId}/versions',
  method: 'POST',
  url: '/v1/contracts/k1/versions',
  body: '{}',
  key: null,
  ifMatch: null,
};
const answer = (status: number, details: object) => ({
  status,
  body: { version: 2, warnings: [{ code: 'WarningsNotKnown', message: 'It is recorded.', details }] },
  logged: 'TypeError',
});

const documented = { difference: () => null };

it('an error of ours in what there is to warn of is found, though what was recorded is answered as that', () => {
  const found = judged(REQUEST, answer(201, { cause: 'an error', isInternalError: true }), documented);
  expect(found).toMatchObject({ key: `warnings ${REQUEST.route}`, text: expect.stringContaining('TypeError') });
  expect(judged(REQUEST, answer(201, { cause: 'not read yet' }), documented)).toBeNull();
});

it('an answer that is not as it is documented is found', () => {
  const found = judged(REQUEST, answer(201, {}), { difference: () => 'answer/version must be string' });
  expect(found).toMatchObject({
    key: `not documented ${REQUEST.route} 201`,
    text: expect.stringContaining('answer/version must be string'),
  });
});

it('a server that is behind says so by 503 where it is asked whether it is ready, and nowhere else', () => {
  const behind = { status: 503, body: { status: 'not ready', lag: 6 }, logged: null };
  const ready: Request = { ...REQUEST, method: 'GET', route: 'GET /health/ready', url: '/health/ready', body: null };
  expect(judged(ready, behind, documented)).toBeNull();
  expect(judged({ ...ready, route: 'GET /health/live' }, behind, documented)).toMatchObject({
    key: 'no problem GET /health/live',
  });
  expect(judged(ready, { ...behind, status: 500 }, documented)).toMatchObject({ key: 'no problem GET /health/ready' });
});
