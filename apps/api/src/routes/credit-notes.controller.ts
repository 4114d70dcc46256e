import { Body, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { accountOf, billingCommands, type Target } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { CreditNoteQuery, PageQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';
import { Writes } from '../http/writes.js';

/** A credit note reverses items of an issued invoice: to be billed again, written off, or corrected where a credit is owed. */
@ApiTags('Credit notes')
@ApiBearerAuth()
@Controller('credit-notes')
@For('accounts')
export class CreditNotesController {
  constructor(
    private readonly questions: Questions,
    private readonly commands: Commands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List credit notes in the order they were requested' })
  list(@Query() { limit, cursor, atLeast, ...filter }: CreditNoteQuery) {
    return this.questions.ask(({ models }) => models.creditNotes.list(filter, { limit, cursor }), atLeast);
  }

  @Get(':creditNoteId')
  @ApiOperation({ summary: 'Get a credit note' })
  get(@Param('creditNoteId') creditNoteId: string, @Query() { atLeast }: ReadQuery) {
    const ask = this.questions;
    return ask.find('CreditNote', creditNoteId, ({ models }) => models.creditNotes.get(creditNoteId), atLeast);
  }

  @Get(':creditNoteId/lines')
  @ApiOperation({ summary: 'List the lines of a credit note with their outcome' })
  async lines(@Param('creditNoteId') creditNoteId: string, @Query() { limit, cursor, atLeast }: PageQuery) {
    await this.get(creditNoteId, atLeast === undefined ? {} : { atLeast });
    return this.questions.ask(({ models }) => models.creditNotes.lines(creditNoteId, { limit, cursor }));
  }

  // The body names the invoice; its client and period come from the read model.
  @Writes('Issue a credit note', '', billingCommands.IssueCreditNote, ['clientId', 'period'], 201)
  async issue(@FromCaller() caller: Caller, @Body() body: unknown) {
    const invoiceId = invoiceIdOf(body);
    const account = invoiceId === null ? undefined : this.accountOf(invoiceId);
    const made = { creditNoteId: caller.newId('cn') };
    return this.commands.send(billingCommands.IssueCreditNote, caller, body, {}, made, account);
  }

  @Writes('Give credits that are owed, by a note of no invoice', 'owed', billingCommands.GiveCredits, [], 201)
  giveOwed(@FromCaller() caller: Caller, @Body() body: unknown) {
    return this.commands.send(billingCommands.GiveCredits, caller, body, {}, { creditNoteId: caller.newId('cn') });
  }

  private accountOf(invoiceId: string): Target {
    return accountOf(() =>
      this.questions.find('Invoice', invoiceId, async (ports) => {
        await ports.upToDate();
        return ports.models.invoices.get(invoiceId);
      }),
    );
  }
}

/** null: the body names no invoice; validation refuses it later. */
function invoiceIdOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { invoiceId } = body as { readonly invoiceId?: unknown };
  return typeof invoiceId === 'string' ? invoiceId : null;
}
