import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../store-unavailable.js';
import { Connecting } from './connecting.js';

function refusalOf(text: string, act: (connecting: Connecting) => void = () => undefined): StoreUnavailable {
  try {
    act(new Connecting(text));
  } catch (error) {
    if (error instanceof StoreUnavailable) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('a connection string of an EventStoreDB', () => {
  it('gives the client all but the user and what is Billtrail’s own', () => {
    const given = 'tlsCAFile=/trust/a+b%20c.crt&streamPrefix=msp_1&defaultDeadline=2000&keepAliveInterval=-1';
    const connecting = new Connecting(`esdb://ana:p%40ss%2Fword@one:2113,two.example.com?${given}`);
    expect(connecting).toMatchObject({
      prefix: 'msp_1',
      patienceMs: 2000,
      hosts: ['one:2113', 'two.example.com'],
      shown: 'one:2113, two.example.com',
      credentials: expect.objectContaining({ username: 'ana', password: 'p@ss/word' }),
      withoutCredentials:
        'esdb://one:2113,two.example.com?tlsCAFile=%2Ftrust%2Fa%2Bb%20c.crt&defaultDeadline=2000&keepAliveInterval=-1',
    });
    expect(new Connecting('esdb://one/?tls=false')).toMatchObject({ prefix: 'billtrail', namesUser: false });
  });

  it.each([
    ['streamprefix=x', /no parameter streamprefix, but streamPrefix/],
    ['tls_ca_file=x', /no parameter tls_ca_file, but tlsCAFile/],
    ['tls=false&prefix=x', /no parameter prefix; there are streamPrefix, tls,/],
    ['tls=False', /tls is true or false/],
    ['tls', /tls is true or false/],
    ['streamPrefix=a-b', /streamPrefix is 1 to 40 letters/],
    ['streamPrefix=a&streamPrefix=b', /streamPrefix is given twice/],
    ['defaultDeadline=10s', /defaultDeadline is a whole number from 1/],
    ['maxDiscoverAttempts=0', /maxDiscoverAttempts is a whole number from 1/],
    ['keepAliveInterval=500', /keepAliveInterval is a whole number from 10000, or -1/],
    ['tlsVerifyCert=false', /tlsVerifyCert is true/],
    ['nodePreference=Leader', /nodePreference is leader, follower/],
    ['tlsCAFile=', /tlsCAFile is the path of a file/],
    ['tlsCAFile=%zz', /tlsCAFile is the path of a file/],
    ['userCertFile=a', /userCertFile and userKeyFile go together/],
    ['tls=false&', /NAME=VALUE/],
  ])('is refused for a parameter that is not known or has another value: %s', (query, message) => {
    expect(refusalOf(`esdb://localhost:2113?${query}`)).toMatchObject({
      problem: 'not-a-store',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    'esdb://ana:p@zq/xw@localhost:2113?tls=false',
    'esdb://ana:zq@xw@localhost:2113',
    'esdb://ana:zq/xw@localhost:2113',
    'esdb://ana:zq?xw@localhost:2113',
    'esdb://ana:zq#xw@localhost:2113',
    'esdb://ana:zq/xw',
    'esdb://ana:%zq@localhost:2113',
    'esdb://localhost:2113?tlsCAFile=/zq@xw',
  ])('is refused where a password is not encoded, and nothing of it is told: %s', (text) => {
    const { message, problem } = refusalOf(text);
    expect(problem).toBe('not-a-store');
    expect(message).toMatch(/percent-encoded as in a URL/);
    expect(message).not.toMatch(/zq|xw|ana/);
  });

  it.each([
    ['localhost:99999', /port 99999 is none: 1 to 65535/],
    ['localhost:0', /port 0 is none/],
    ['localhost:abc', /each host is HOST or HOST:PORT/],
    ['one:2113,', /each host is HOST or HOST:PORT/],
  ])('is refused for a host that is none: %s', (hosts, message) => {
    expect(refusalOf(`esdb://${hosts}?tls=false`).message).toMatch(message);
  });

  it('is refused by name of a file that is not there, before the client is made', () => {
    const missing = refusalOf('esdb://localhost?tlsCAFile=/no/such/ca.crt', (connecting) => connecting.assertFiles());
    expect(missing).toMatchObject({
      problem: 'not-a-store',
      message: expect.stringMatching(/tlsCAFile=\/no\/such\/ca\.crt \(ENOENT\)\. Put the file there/),
    });
  });
});
