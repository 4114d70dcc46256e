import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story, TERMS } from '../story.js';

interface Item {
  readonly itemId: string;
  readonly disposition: string;
  readonly net: { readonly amount: string } | null;
}
interface Answer {
  readonly differences: readonly { readonly itemId: string; readonly after: Item | null }[];
  readonly totals: { readonly after: { readonly amount: string } };
}

/** Ten hours a month, of which the unused go over to the next month; beyond them the card's price. */
const ALLOTMENT = {
  ...TERMS,
  coverage: [{ id: 'time', name: 'Time', match: {}, outcome: 'prepaid' }],
  prepaid: {
    allotment: { id: 'ten', name: 'Ten hours', base: { unit: 'minutes', minutes: 600 }, rollOver: 'one-period' },
  },
};

describe('a question what would be', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    const worked = (id: string, minutes: number, workDate: string) =>
      story.ticketInProgress(`T-${id}`).time(id, minutes, { workDate });
    await story.client('acme').contract('acme-tm').told();
    await worked('january', 600, '2026-01-15').told();
    await worked('february', 900, '2026-02-12').told();
  });
  afterAll(() => api.close());

  const supposed = { clientId: 'acme', period: '2026-02', contractId: 'acme-tm', effectiveFrom: '2026-01-01' };
  const ask = (rest: object) => story.accounts.post<Answer>('/v1/what-if', { ...supposed, terms: ALLOTMENT, ...rest });

  it('is answered as publishing would answer it: what the month before would have used up is used up', async () => {
    const { body } = await ask({});
    const shown = (items: readonly Item[]) =>
      items
        .map(({ itemId, disposition, net }) => ({ itemId, disposition, net }))
        .sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
    const { effectiveFrom } = supposed;
    await story.accounts.does('/v1/contracts/acme-tm/versions', { effectiveFrom, terms: ALLOTMENT });
    const real = await story.accounts.readsAll<Item>('/v1/billable-items?clientId=acme&period=2026-02');
    expect(shown(body.differences.flatMap(({ after }) => after ?? []))).toEqual(shown(real));
    expect(real.map(({ disposition, net }) => [disposition, net?.amount])).toEqual([
      ['covered', '0.00'],
      ['billable', '750.00'],
    ]);
    expect(body.totals.after.amount).toBe('750.00');
  });

  it('is refused where publishing would be refused, and of work that is not there', async () => {
    await new Story(api).client('other').contract('other-tm').told();
    const codes = async (rest: object) => {
      const { status, body } = await ask(rest);
      return [status, (body as unknown as { code: string }).code];
    };
    expect(await codes({ contractId: 'other-tm' })).toEqual([409, 'ContractOfAnotherClient']);
    expect(await codes({ workItemId: 'nothing' })).toEqual([404, 'WorkItemNotFound']);
    expect(await codes({ workItemId: null })).toEqual([400, 'InvalidInput']);
    expect(await codes({ contractId: 'acme-new', priority: null })).toEqual([400, 'InvalidInput']);
    expect(await codes({ effectiveFrom: '2026-02-01', effectiveTo: '2026-02-10' })).toEqual([200, undefined]);
    await story.accounts.does('/v1/contracts/acme-tm/terminate', { lastDay: '2026-02-28', reason: 'moved away' });
    expect(await codes({ effectiveFrom: '2026-03-01' })).toEqual([409, 'ContractEnded']);
  });
});
