import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { output, table } from './output.js';

/** Z6: what a log of before the check, or another system's file, may hold. */
const NAME = 'Blue\u001b[2J\u009b\u202e\rGum\0';

function printed(json: boolean, write: (out: ReturnType<typeof output>) => void): readonly [string, string] {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  write(output(json, { stdout, stderr }));
  return [String(stdout.read() ?? ''), String(stderr.read() ?? '')];
}

describe('what is printed', () => {
  it('is never obeyed by the terminal', () => {
    const [answer, said] = printed(false, (out) => {
      out.answer(null, () => `Client ${NAME}\nsecond line`);
      out.say(NAME);
    });
    const written = 'Blue\\u001b[2J\\u009b\\u202e\\u000dGum\\u0000';
    expect([answer, said]).toEqual([`Client ${written}\nsecond line\n`, `${written}\n`]);
  });

  it('is so as JSON too, and reads as the same value', () => {
    const [answer] = printed(true, (out) => out.answer({ name: NAME }, () => ''));
    expect(answer).toMatch(/^[\x20-\x7e\n]*$/);
    expect(JSON.parse(answer)).toEqual({ name: NAME });
  });

  it('has one row for one row, whatever a name holds', () => {
    const drawn = table(['Client', 'Net'], [['Blue Gum\nINV-000002', '10.00']]);
    expect(drawn.split('\n')).toHaveLength(3);
    expect(drawn).toContain('Blue Gum\\u000aINV-000002');
  });
});
