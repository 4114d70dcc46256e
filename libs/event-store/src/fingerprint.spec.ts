import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, isOfRequest } from './fingerprint.js';

describe('fingerprints', () => {
  const input = { ticketId: 'T1', lines: [{ b: 1, a: null }, 2], note: undefined };

  it('say their version, and are the same for the same input in any order of its properties', () => {
    const one = fingerprintOf('LogTime', input);
    expect(one).toMatch(/^1:[\w-]{43}$/);
    expect(fingerprintOf('LogTime', { lines: [{ a: null, b: 1 }, 2], ticketId: 'T1' })).toBe(one);
  });

  it('differ by the name, a value, and the order of a list', () => {
    const all = [
      fingerprintOf('LogTime', input),
      fingerprintOf('LogWork', input),
      fingerprintOf('LogTime', { ...input, ticketId: 'T2' }),
      fingerprintOf('LogTime', { ...input, ticketId: null }),
      fingerprintOf('LogTime', { ...input, lines: [2, { b: 1, a: null }] }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('of the first logs are compared as they were made', () => {
    const whole = { ticketId: 'T1', clientId: 'acme' };
    const old = createHash('sha256')
      .update(`LogTime ${JSON.stringify(whole)}`)
      .digest('base64url');
    const recorded = (stored: string) => ({ isFor: (fingerprint: string) => fingerprint === stored });
    expect(isOfRequest(recorded(old), 'LogTime', { ticketId: 'T1' }, whole)).toBe(true);
    expect(isOfRequest(recorded(old), 'LogTime', { ticketId: 'T1' }, { ...whole, clientId: 'other' })).toBe(false);
    const now = recorded(fingerprintOf('LogTime', { ticketId: 'T1' }));
    expect(isOfRequest(now, 'LogTime', { ticketId: 'T1' }, {})).toBe(true);
    expect(isOfRequest(now, 'LogTime', { ticketId: 'T2' }, whole)).toBe(false);
  });
});
