import type { Api, Person, WriteAnswer } from './kit.js';

export const MONTH = '2026-03';
export const ENGINEER = 'support-1';

/** Time and materials: remote support at 150.00, half an hour at least and from there in quarters; expenses at cost and a tenth. */
export const TERMS = {
  coverage: [{ id: 'all-work', name: 'All work', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'hourly',
    name: 'Hourly rates',
    currency: 'AUD',
    labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 30,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};

export const timeEntry = (timeEntryId: string, minutes = 70, rest: object = {}) => ({
  timeEntryId,
  engineerId: ENGINEER,
  engineerRole: 'engineer',
  workType: 'remote-support',
  minutes,
  workDate: '2026-03-10',
  description: 'Found and mended the fault',
  ...rest,
});

/** Tells the way from a client to an issued invoice over HTTP, each step by the role whose step it is. Steps run in order when `told`. */
export class Story {
  readonly operations: Person;
  readonly support: Person;
  readonly accounts: Person;
  readonly admin: Person;
  private readonly steps: (() => Promise<WriteAnswer>)[] = [];
  private clientId = '';
  private ticketId = '';
  private invoiceId = '';

  constructor(readonly api: Api) {
    this.operations = api.as('operations');
    this.support = api.as('support', ENGINEER);
    this.accounts = api.as('accounts');
    this.admin = api.as('admin');
  }

  client(clientId: string, rest: object = {}): this {
    return this.step(() => {
      this.clientId = clientId;
      return this.accounts.does('/v1/clients', {
        clientId,
        name: `Client ${clientId}`,
        currency: 'AUD',
        timeZone: 'Australia/Sydney',
        address: '5 Sample Road, Sydney NSW 2000',
        ...rest,
      });
    });
  }

  contract(contractId: string, terms: object = TERMS): this {
    return this.step(() =>
      this.accounts.does('/v1/contracts', {
        contractId,
        clientId: this.clientId,
        name: 'Support agreement',
        effectiveFrom: '2026-01-01',
        terms,
      }),
    );
  }

  ticket(ticketId: string, rest: object = {}): this {
    return this.step(() => {
      this.ticketId = ticketId;
      return this.support.does('/v1/tickets', { ticketId, summary: 'The server does not answer', ...rest });
    });
  }

  triage(rest: object = {}): this {
    return this.onTicket('operations', 'triage', {
      category: 'server',
      priority: 'high',
      ...rest,
    });
  }

  assign(engineerId: string = ENGINEER): this {
    return this.onTicket('operations', 'assign', { engineerId });
  }

  start(): this {
    return this.onTicket('support', 'start');
  }

  /** From request to work in progress. */
  ticketInProgress(ticketId: string, rest: object = {}): this {
    return this.ticket(ticketId, rest).triage().assign().start();
  }

  time(timeEntryId: string, minutes = 70, rest: object = {}): this {
    return this.onTicket('support', 'time-entries', timeEntry(timeEntryId, minutes, rest));
  }

  material(materialUsageId: string, listPrice = '120.00', quantity = '2'): this {
    return this.onTicket('support', 'materials', {
      materialUsageId,
      itemCode: 'SSD-1T',
      description: 'SSD 1 TB',
      quantity,
      listPrice: { amount: listPrice, currency: 'AUD' },
      workDate: '2026-03-10',
    });
  }

  expense(expenseId: string, cost = '19.95'): this {
    return this.onTicket('support', 'expenses', {
      expenseId,
      description: 'Parking',
      cost: { amount: cost, currency: 'AUD' },
      workDate: '2026-03-10',
    });
  }

  approveTime(timeEntryId: string, version = 1): this {
    return this.onTicket('operations', `time-entries/${timeEntryId}/approve`, { version });
  }

  approveGoods(...paths: readonly `${'materials' | 'expenses'}/${string}`[]): this {
    for (const path of paths) this.onTicket('operations', `${path}/approve`);
    return this;
  }

  resolve(rest: object = {}): this {
    return this.onTicket('support', 'resolve', {
      resolution: 'It answers again',
      materials: 'none-used',
      scope: 'in-contract',
      ...rest,
    });
  }

  verification(): this {
    return this.onTicket('support', 'service-verification');
  }

  draft(invoiceId: string): this {
    return this.step(() => {
      this.invoiceId = invoiceId;
      return this.accounts.does('/v1/invoices', { invoiceId, clientId: this.clientId, period: MONTH });
    });
  }

  approve(): this {
    return this.step(() => this.accounts.does(`/v1/invoices/${this.invoiceId}/approve`));
  }

  issue(): this {
    return this.step(() => this.accounts.does(`/v1/invoices/${this.invoiceId}/issue`));
  }

  /** Runs the steps; answers what the last one answered. */
  async told(): Promise<WriteAnswer> {
    let last: WriteAnswer | null = null;
    for (const step of this.steps.splice(0)) last = await step();
    if (last === null) throw new Error('a story needs a step');
    return last;
  }

  private onTicket(who: 'operations' | 'support', what: string, body: object = {}): this {
    return this.step(() => {
      const named = what === 'triage' ? { clientId: this.clientId, ...body } : body;
      return this[who].does(`/v1/tickets/${this.ticketId}/${what}`, named);
    });
  }

  private step(step: () => Promise<WriteAnswer>): this {
    this.steps.push(step);
    return this;
  }
}
