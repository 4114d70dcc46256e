import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { Billtrail, makeKey, storedNames } from '@billtrail/application';
import type { DomainEvent } from '@billtrail/kernel';
import { SqliteEventStore, streamName } from '@billtrail/event-store';
import type { BenchRow } from './bench-row.js';
import { ended, freePort, ready } from './server-process.js';

const SERVERS = fileURLToPath(new URL('./http-servers.js', import.meta.url));
const CONNECTIONS = 50;
const SECONDS = 5;
const TICKETS = 2_000;
const AT = '2026-03-02T09:00:00+11:00';
const BODY = JSON.stringify({
  engineerId: 'eng-1',
  engineerRole: 'engineer',
  workType: 'remote-support',
  minutes: 45,
  workDate: '2026-03-02',
  description: 'Looked into the reported fault, replaced the driver and checked the print queue with the user.',
});

/** POST of a time entry with 50 connections: ours, durable and decided, against a bare server that stores nothing. */
export async function httpBench(dir: string): Promise<BenchRow[]> {
  const key = await prepare(dir);
  const bare = await measured('bare', '', '');
  const ours = await measured('billtrail', dir, key);
  const note = (run: autocannon.Result) =>
    `${CONNECTIONS} connections, p99 ${run.latency.p99} ms, ${run.non2xx} refused, ${run.errors} errors`;
  return [
    {
      name: 'POST, bare server (Fastify and schema, stores nothing)',
      value: bare.requests.average,
      unit: 'POST/s',
      target: '',
      note: note(bare),
    },
    {
      name: 'POST of a time entry (validated, decided, on disk)',
      value: ours.requests.average,
      unit: 'POST/s',
      target: '',
      note: `${note(ours)}; ${(ours.requests.average / bare.requests.average).toFixed(2)} of the bare server`,
    },
  ];
}

/** A data folder with assigned tickets and a key. */
export async function prepare(dir: string, tickets = TICKETS): Promise<string> {
  const store = SqliteEventStore.open({ file: join(dir, 'events.db'), names: storedNames });
  await Promise.all(
    Array.from({ length: tickets }, (_, index) => {
      const ticketId = `B-${index}`;
      const classification = {
        clientId: null,
        contractId: null,
        siteId: null,
        category: 'printing',
        ticketType: null,
        priority: 'low',
      };
      const events: DomainEvent[] = [
        {
          type: 'TicketRequested',
          data: {
            ticketId,
            ...classification,
            reference: null,
            summary: 'A fault',
            description: null,
            requestedBy: null,
            source: null,
          },
          occurredAt: AT,
        },
        { type: 'TicketTriaged', data: classification, occurredAt: AT },
        { type: 'TicketAssigned', data: { engineerId: 'eng-1', team: null }, occurredAt: AT },
      ];
      return store.append({
        stream: streamName('ticket', ticketId),
        expected: 'none',
        events,
        actor: { id: 'bench', role: 'system' },
        commandId: `prepare-${index}`,
        correlationId: 'prepare',
        causationId: null,
        fingerprint: 'prepare',
      });
    }),
  );
  await store.close();
  const billtrail = await Billtrail.open({ dataDir: dir });
  await billtrail.catchUp();
  const { key } = await makeKey(billtrail.vault, 'bench', 'admin', AT);
  await billtrail.close();
  return key;
}

async function measured(kind: 'bare' | 'billtrail', dir: string, key: string): Promise<autocannon.Result> {
  const port = await freePort();
  const server = spawn(process.execPath, [SERVERS, kind, String(port), dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await ready(server);
    let next = 0;
    const requests: autocannon.Request[] = [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: BODY,
        setupRequest: (request) => ({ ...request, path: `/v1/tickets/B-${next++ % TICKETS}/time-entries` }),
      },
    ];
    const run = { url: `http://127.0.0.1:${port}`, connections: CONNECTIONS, requests };
    await autocannon({ ...run, duration: 1 });
    return await autocannon({ ...run, duration: SECONDS });
  } finally {
    await ended(server);
  }
}
