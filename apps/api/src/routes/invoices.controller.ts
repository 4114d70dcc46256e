import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  MAX_RATED_ON_A_PAGE,
  accountOf,
  billingCommands,
  invoiceActedOn,
  invoiceWarnings,
  warningsIfKnown,
  withFreshness,
  type CommandClass,
  type Freshness,
} from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { actionsNow, unlessLogIsAway } from '../http/actions.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { InvoiceQuery, PageQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** Drafts and issued invoices. A draft takes everything billable for one client in one month; issuing assigns the number. */
@ApiTags('Invoices')
@ApiBearerAuth()
@Controller('invoices')
@For('accounts')
export class InvoicesController {
  constructor(
    private readonly questions: Questions,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List invoices in the order they were drafted' })
  list(@Query() { limit, cursor, atLeast, stale, ...filter }: InvoiceQuery) {
    return this.questions.ask(async (ports) => {
      if (stale !== 'true') return onlyListed(await ports.models.invoices.list(filter, { limit, cursor }));
      const most = Math.min(limit ?? MAX_RATED_ON_A_PAGE, MAX_RATED_ON_A_PAGE);
      const { items, ...page } = await ports.models.invoices.list(filter, { limit: most, cursor });
      return { ...page, items: await withFreshness(ports, items) };
    }, atLeast);
  }

  @Get(':invoiceId')
  @ApiOperation({ summary: 'Get an invoice, what it lacks, and what you may do' })
  get(@FromCaller() caller: Caller, @Param('invoiceId') invoiceId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.find(
      'Invoice',
      invoiceId,
      async (ports) => {
        const invoice = await ports.models.invoices.get(invoiceId);
        if (invoice === null) return null;
        const beside = await unlessLogIsAway(async () => ({
          warnings: await invoiceWarnings(ports, invoiceId),
          actions: await actionsNow(ports, invoiceActedOn(invoice), caller),
        }));
        const told: {
          /** Absent: the log can't be read now. */
          readonly warnings?: NonNullable<typeof beside>['warnings'];
          /** Absent: the log can't be read now. */
          readonly actions?: NonNullable<typeof beside>['actions'];
        } = beside ?? {};
        return { ...invoice, ...told };
      },
      atLeast,
    );
  }

  @Get(':invoiceId/lines')
  @ApiOperation({ summary: 'List the lines of an invoice with their explanation' })
  async lines(@Param('invoiceId') invoiceId: string, @Query() { limit, cursor, atLeast }: PageQuery) {
    await this.known(invoiceId, atLeast);
    return this.questions.ask(({ models }) => models.invoices.lines(invoiceId, { limit, cursor }));
  }

  @Get(':invoiceId/charges')
  @ApiOperation({ summary: 'List the charges of an invoice that are not for work' })
  async charges(@Param('invoiceId') invoiceId: string, @Query() { limit, cursor, atLeast }: PageQuery) {
    await this.known(invoiceId, atLeast);
    return this.questions.ask(({ models }) => models.invoices.charges(invoiceId, { limit, cursor }));
  }

  @Get(':invoiceId/credit-notes')
  @ApiOperation({ summary: 'List the credit notes of an invoice' })
  async creditNotes(@Param('invoiceId') invoiceId: string, @Query() { limit, cursor, atLeast }: PageQuery) {
    await this.known(invoiceId, atLeast);
    return this.questions.ask(({ models }) => models.creditNotes.list({ invoiceId }, { limit, cursor }));
  }

  @Writes('Draft an invoice for a client and month', '', billingCommands.DraftInvoice, [], 201)
  async draft(@FromCaller() caller: Caller, @Body() body: unknown) {
    const made = { invoiceId: caller.newId('i') };
    const answer = await this.commands.send(billingCommands.DraftInvoice, caller, body, {}, made);
    const warnings = await warningsIfKnown(() =>
      this.questions.ask(async (ports) => {
        await ports.upToDate(await ports.store.head());
        return invoiceWarnings(ports, answer.invoiceId);
      }),
    );
    return { ...answer, warnings };
  }

  @Writes('Discard a draft and free its items', ':invoiceId/discard', billingCommands.DiscardInvoiceDraft, [
    'invoiceId',
    'clientId',
    'period',
  ])
  discard(@FromCaller() caller: Caller, @Param('invoiceId') invoiceId: string, @Body() body: unknown) {
    return this.onInvoice(billingCommands.DiscardInvoiceDraft, caller, invoiceId, body);
  }

  @Writes('Approve a draft', ':invoiceId/approve', billingCommands.ApproveInvoice, ['invoiceId', 'clientId', 'period'])
  async approve(@FromCaller() caller: Caller, @Param('invoiceId') invoiceId: string, @Body() body: unknown) {
    const answer = await this.onInvoice(billingCommands.ApproveInvoice, caller, invoiceId, body);
    // Whoever approves a draft that can't be issued any more is told so at once.
    return { ...answer, warnings: await this.warnings(invoiceId) };
  }

  @Writes('Issue an approved draft', ':invoiceId/issue', billingCommands.IssueInvoice, [
    'invoiceId',
    'clientId',
    'period',
  ])
  async issue(@FromCaller() caller: Caller, @Param('invoiceId') invoiceId: string, @Body() body: unknown) {
    const answer = await this.onInvoice(billingCommands.IssueInvoice, caller, invoiceId, body);
    // A charge missing from every document does not stop the issue, but the caller should see it.
    return { ...answer, warnings: await this.warnings(invoiceId) };
  }

  private warnings(invoiceId: string) {
    return warningsIfKnown(() => this.questions.ask((ports) => invoiceWarnings(ports, invoiceId)));
  }

  private known(invoiceId: string, atLeast: ReadQuery['atLeast']) {
    return this.questions.find('Invoice', invoiceId, ({ models }) => models.invoices.get(invoiceId), atLeast);
  }

  /** The path names the invoice; its client and period come from the read model. */
  private async onInvoice<C extends object>(
    command: CommandClass<C>,
    caller: Caller,
    invoiceId: string,
    body: unknown,
  ) {
    const account = accountOf(() =>
      this.questions.find('Invoice', invoiceId, async (ports) => {
        await ports.upToDate();
        return ports.models.invoices.get(invoiceId);
      }),
    );
    return this.commands.send(command, caller, body, { invoiceId }, {}, account);
  }
}

/** Invoices that say nothing of whether they are stale: nobody asked. */
function onlyListed<Listed extends object, Rest>({
  items,
  ...page
}: Rest & { readonly items: readonly Listed[] }): Omit<Rest, 'items'> & {
  readonly items: readonly (Listed & Partial<Freshness>)[];
} {
  return { ...page, items };
}
