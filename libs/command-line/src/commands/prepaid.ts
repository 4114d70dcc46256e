import { Command } from 'commander';
import type { PrepaidAmount } from '@billtrail/contracts';
import { todayAsked } from '@billtrail/application';
import type { LapseLine, Page, PageRequest, Prepaid, ReturnLine, StatementLine } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { duration, money, table } from '../terminal/output.js';
import { dayArgument } from './options.js';

interface WithStatement extends Prepaid {
  readonly statement: readonly StatementLine[];
  readonly returns: readonly ReturnLine[];
  readonly lapses?: readonly LapseLine[];
}

export function prepaidCommand(): Command {
  return new Command('prepaid')
    .description("show a client's prepaid blocks and allotments: the balance, and every draw with its item")
    .argument('<client>', 'id of the client')
    .option('--on <day>', 'only those that work on this day can draw on', dayArgument)
    .option('--forecast', 'also forecast when each contract will have used them up', false)
    .action(async (clientId: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { on?: string; forecast: boolean }>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const answer = await session.ask(async ({ models, clock }) => {
          const { prepaid } = models;
          const found: WithStatement[] = [];
          const today = todayAsked({ models, clock });
          for (const one of await allPages((page) =>
            prepaid.balances({ clientId, inForceOn: options.on }, page, today),
          )) {
            const lines = await allPages(async (page) => (await prepaid.statement(one.source, page)) ?? NO_LINES);
            const { returns = [], lapses = [] } = (await prepaid.statement(one.source, { limit: 1 })) ?? {};
            found.push({ ...one, statement: lines, returns, ...(lapses.length === 0 ? {} : { lapses }) });
          }
          if (!options.forecast) return { clientId, prepaid: found };
          const contractIds = [...new Set(found.map((one) => one.source.contractId))];
          const burnDowns = await Promise.all(
            contractIds.map(async (contractId) => ({ contractId, ...(await prepaid.burnDown(contractId, today)) })),
          );
          return { clientId, prepaid: found, burnDowns };
        });
        session.out.answer(answer, () => [prepaidText(answer.prepaid), ...forecastText(answer.burnDowns)].join('\n'));
      });
    });
}

const NO_LINES: Page<StatementLine> = { items: [], nextCursor: null };

async function allPages<Item>(read: (page: PageRequest) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page<Item> = await read({ limit: 200, cursor: cursor ?? undefined });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

function amount(value: PrepaidAmount): string {
  return value.unit === 'minutes' ? duration(value.minutes) : money(value.money);
}

function nameOf({ source, name }: Prepaid): string {
  return source.from === 'block' ? `block ${name}` : `${name} of ${source.month}`;
}

function prepaidText(prepaid: readonly WithStatement[]): string {
  if (prepaid.length === 0) return 'Nothing is prepaid.';
  const balances = table(
    ['Contract', 'Name', 'From', 'Until', 'Total', 'Drawn', 'Returned', 'Lapsed', 'Left'],
    prepaid.map((one) => [
      one.source.contractId,
      nameOf(one),
      one.firstDay,
      one.lastDay,
      amount(one.whole),
      amount(one.drawn),
      amount(one.returned),
      one.lapsed === undefined ? null : amount(one.lapsed),
      amount(one.left),
    ]),
    ['Total', 'Drawn', 'Returned', 'Lapsed', 'Left'],
  );
  const statements = prepaid.flatMap((one) =>
    one.statement.length + one.returns.length === 0
      ? []
      : [
          '',
          `Statement of ${nameOf(one)} (contract ${one.source.contractId})`,
          table(
            ['Date', 'Item', 'Description', 'Billed', 'Weight', 'Drawn', 'Left after'],
            [
              ...one.statement.map(({ draw, leftAfter, item }) => [
                draw.workDate,
                draw.itemId,
                item?.description.slice(0, 50) ?? null,
                typeof item?.billableMinutes === 'number' ? duration(item.billableMinutes) : null,
                draw.weight === undefined ? null : `x ${draw.weight}`,
                amount(draw.amount),
                amount(leftAfter),
              ]),
              ...one.returns.map(returnOf),
              ...(one.lapses ?? []).map(lapseOf),
            ],
            ['Billed', 'Weight', 'Drawn', 'Left after'],
          ),
        ],
  );
  return [balances, ...statements].join('\n');
}

function returnOf({ returnedOn, returnId, reason, net, amount: returned }: ReturnLine): readonly (string | null)[] {
  const what = returnId === null ? 'withdrawn' : 'returned';
  return [
    returnedOn,
    returnId,
    `${what}${net === null ? '' : ` for ${money(net)}`}: ${reason}`,
    null,
    null,
    amount(returned),
    null,
  ];
}

function lapseOf({ period, amount: lapsed }: LapseLine): readonly (string | null)[] {
  return [period, null, 'lapsed above what rolls over', null, null, amount(lapsed), null];
}

type BurnDowns = readonly {
  readonly contractId: string;
  readonly blocks?: readonly Fuel[];
  readonly allotments?: readonly Fuel[];
}[];

interface Fuel {
  readonly left: PrepaidAmount;
  readonly forecastOn: string | null;
  readonly lapses: readonly { readonly on: string; readonly amount: PrepaidAmount }[];
}

/** `300 min on 2026-03-30`. */
function lapseText({ lapses }: Fuel): string {
  return lapses.map((one) => `${amount(one.amount)} on ${one.on}`).join(', ');
}

function forecastText(burnDowns: BurnDowns | undefined): readonly string[] {
  if (burnDowns === undefined) return [];
  const rows = burnDowns.flatMap(({ contractId, blocks = [], allotments = [] }) => [
    ...blocks.map((one) => [contractId, 'blocks', amount(one.left), one.forecastOn, lapseText(one)]),
    ...allotments.map((one) => [contractId, 'allotments', amount(one.left), one.forecastOn, lapseText(one)]),
  ]);
  return [
    '',
    'Forecast at the current pace',
    table(['Contract', 'Source', 'Left', 'Used up on', 'Lapses'], rows, ['Left']),
  ];
}
