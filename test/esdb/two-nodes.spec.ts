import { afterEach, describe, expect, it } from '@jest/globals';
import type { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  CommandDispatcher,
  ticketCommands as tickets,
  type CommandAnswer,
} from '@billtrail/application';
import { CommandRegistry, commandDefinitions, DeciderHandler } from '@billtrail/application/testing';
import { MAX_PAGE } from '@billtrail/read-models';
import { ACCOUNTANT, ENGINEER, House } from '../laws/kit/house.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp, versionOf } from '../scenarios/msp.js';
import { ANNA } from '../scenarios/people.js';
import { HeldBilling } from './held-billing.js';
import { logWhichIsThere } from './logs-of-houses.js';
import { Nodes } from './nodes.js';
import { atOnce, inTurn, PAIRS as PAIRS_OF_ACTS, retold, storyOfTicket } from './pairs.js';

const FROM = '2026-04-01T09:00:00+11:00';
const MARCH = '2026-03';
const DAY = '2026-03-10';
const TURNS = 10;
const INVOICES = 4;
const PAIRS = 100;
const PAIRS_OF_A_CLIENT = 5;
const KEYS = 200;
const AT_ONCE = 50;
const GAPS = 20;

describe('two nodes on one log', () => {
  let nodes: Nodes;
  let msp: Msp;
  let one: House;
  let other: House;
  const open = async (...configured: Parameters<Msp['configures']>[0][]) => {
    nodes = await Nodes.open(2, FROM, false);
    [one, other] = nodes.two;
    msp = Msp.of(one);
    await msp.configures(configured[0] ?? {});
  };
  afterEach(() => nodes.close());

  const outcomeOf = (answer: CommandAnswer): string => (isRefusal(answer) ? answer.code : 'accepted');
  const both = (): readonly House[] => [one, other];

  /** Nothing is left to do on either, and all laws hold; both say the same. */
  const isWell = async () => {
    await nodes.settle();
    for (const house of both()) expect(brokenLaws(await lookAt({ house }, { isSettled: true }))).toEqual([]);
  };
  const numbers = async ({ billtrail }: House) => {
    const { items } = await billtrail.models.invoices.list({ status: 'issued' }, { limit: MAX_PAGE });
    return items.map(({ numberInSeries }) => numberInSeries ?? 0).sort((a, b) => a - b);
  };

  it('each reads what was written on the other, at its position', async () => {
    await open();
    await msp.signs('bluegum');
    await msp.ticket('T1', 'bluegum');
    for (let turn = 0; turn < TURNS; turn++) {
      const [writes, reads] = turn % 2 === 0 ? [one, other] : [other, one];
      const note = { ticketId: 'T1', noteId: `N${turn}`, text: `said ${turn}.` };
      const { position } = await writes.must(tickets.AddNote, note, { actor: ENGINEER });
      await reads.billtrail.upToDate(position);
      const told = await reads.billtrail.models.timeline.timeline('T1', { limit: MAX_PAGE });
      expect(JSON.stringify(told)).toContain(`said ${turn}.`);
    }
  });

  it(`${INVOICES} invoices that are issued on both at once have one number each, without a hole`, async () => {
    await open();
    const drafts = Array.from({ length: INVOICES }, (_, n) => ({
      clientId: `c${n}`,
      invoiceId: `I${n}`,
      period: MARCH,
    }));
    for (const { clientId, ...draft } of drafts) {
      await msp.signs(clientId);
      await (await msp.ticket(`T-${clientId}`, clientId)).time(`W-${clientId}`, 60, DAY);
      expect(await msp.drafts(draft.invoiceId, clientId, MARCH)).toBe('accepted');
      expect(await msp.tries(billing.ApproveInvoice, { clientId, ...draft })).toBe('accepted');
    }
    const answers = await Promise.all(
      drafts.flatMap((draft) => both().map((house) => house.send(billing.IssueInvoice, draft, { actor: ANNA }))),
    );
    expect(answers.map(outcomeOf)).toEqual(answers.map(() => 'accepted'));
    await isWell();
    for (const house of both()) expect(await numbers(house)).toEqual(drafts.map((_, n) => n + 1));
  });

  it(`of ${PAIRS} pairs of contracts for the same days, one on each at once, no two are in force`, async () => {
    await open();
    let clientId = '';
    for (let pair = 0; pair < PAIRS; pair++) {
      if (pair % PAIRS_OF_A_CLIENT === 0) {
        clientId = `client-${pair}`;
        const client = { clientId, name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
        await one.must(contracts.RegisterClient, client, { actor: ACCOUNTANT });
      }
      const answers = await Promise.all(
        both().map((house, which) =>
          house.send(
            contracts.ActivateContract,
            { contractId: `p${pair}-${which}`, clientId, name: 'x', priority: pair, ...versionOf({}) },
            { actor: ACCOUNTANT },
          ),
        ),
      );
      expect(answers.map(outcomeOf).sort()).toEqual(['ContractsOverlap', 'accepted']);
    }
  });

  it(`${AT_ONCE} requests at once under each of ${KEYS} keys, half of them on each, have ${KEYS} effects`, async () => {
    await open();
    await msp.signs('bluegum');
    const dispatchers = both().map(({ billtrail }) => {
      const handler = new DeciderHandler(new CommandRegistry(commandDefinitions), billtrail);
      return new CommandDispatcher({ execute: handler.execute.bind(handler) } as unknown as CommandBus, billtrail);
    });
    const before = (await one.events()).length;
    for (let key = 0; key < KEYS; key++) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, n) =>
          dispatchers[n % 2]!.dispatch(
            tickets.RequestTicket,
            { ticketId: `T${key}`, clientId: 'bluegum', summary: 'No answer' },
            { actor: ENGINEER, idempotencyKey: `storm-${key}` },
          ),
        ),
      );
      expect(answers.filter((answer) => !isRefusal(answer) && !answer.repeated)).toHaveLength(1);
      expect(
        new Set(
          answers.map((answer) => (isRefusal(answer) ? answer.code : `${answer.version} ${String(answer.position)}`)),
        ).size,
      ).toBe(1);
    }
    // Each has its claim and its effect.
    expect((await one.events()).length - before).toBe(KEYS * 2);
  });

  it('each pair of commands on one ticket, whose nodes know what it was before, comes to what it comes to in a house that remembers nothing', async () => {
    await open();
    const story = await storyOfTicket(msp);
    const alone = Msp.of(await House.open(FROM, ':memory:', 0, commandDefinitions, logWhichIsThere({})));
    await alone.configures({});
    await storyOfTicket(alone);
    const otherwise: unknown[] = [];
    for (const [n, [first, second]] of PAIRS_OF_ACTS.entries()) {
      const pair = `${first.type.name} ${second.type.name}`;
      for (const [here, id] of [
        [alone.house, `there-${n}`],
        [one, `turns-${n}`],
        [one, `once-${n}`],
      ] as const)
        await retold(here, story, id);
      for (const { billtrail } of both())
        for (const id of ['turns', 'once']) await billtrail.store.load(`ticket-${id}-${n}`, 'nothing yet');
      const there = await inTurn(`there-${n}`, [alone.house, first], [alone.house, second]);
      const turns = await inTurn(`turns-${n}`, [one, first], [other, second]);
      if (JSON.stringify(turns) !== JSON.stringify(there)) otherwise.push({ pair, turns, there });
      const once = await atOnce(`once-${n}`, [one, first], [other, second]);
      if (JSON.stringify(once) === JSON.stringify(there)) continue;
      // Then the other one was first.
      await retold(alone.house, story, `back-${n}`);
      const { answers, events } = await inTurn(`back-${n}`, [alone.house, second], [alone.house, first]);
      const back = { answers: answers.toReversed(), events };
      if (JSON.stringify(once) !== JSON.stringify(back)) otherwise.push({ pair, once, there, back });
    }
    expect(otherwise).toEqual([]);
    await alone.closes();
  });

  it(`${GAPS} gaps that one person accepts at once, half of them on each, are held to the limit of one`, async () => {
    await open({ secondPersonAbove: { amount: '350.00', currency: 'AUD' } });
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    for (let n = 0; n < GAPS; n++) await ticket.time(`W${n}`, 60, DAY, { approved: false });
    await ticket.resolves();
    await msp.days(20);
    other.passDays(20);
    await nodes.settle();
    const { items } = await other.billtrail.models.gaps.list({ state: 'open' }, { limit: MAX_PAGE });
    expect(items).toHaveLength(GAPS);
    const why = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
    await Promise.all(
      items.map(({ gapId }, n) => both()[n % 2]!.send(billing.AcceptBillingGap, { gapId, ...why }, { actor: ANNA })),
    );
    await isWell();
    for (const { billtrail } of both()) {
      const { items: requests } = await billtrail.models.approvals.list({}, { limit: MAX_PAGE });
      expect(requests.map(({ state }) => state).sort()).toEqual([
        ...Array.from({ length: 2 }, () => 'carried-out'),
        ...Array.from({ length: GAPS - 2 }, () => 'waiting'),
      ]);
    }
  });
});

describe.each(['late', 'after its sender was killed'] as const)('of two nodes, an append of one arrives %s', (how) => {
  it('while the other node moves the work and bills it: one live line, and no hole', async () => {
    const places: string[] = [];
    for (let place = 1, isReached = true; isReached; place++) {
      const held = await HeldBilling.tell(place, how === 'late');
      isReached = held.isReached;
      if (isReached) places.push(held.type);
      expect({ place, wrong: held.wrong }).toEqual({ place, wrong: [] });
    }
    expect(places).toEqual([
      'InvoiceLinesAdded',
      'InvoiceApproved',
      'InvoiceIssueRequested',
      'DocumentNumberAssigned',
      'InvoiceIssued',
    ]);
  });
});
