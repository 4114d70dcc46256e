import { isRefusal, type Actor, type Refusal } from '@billtrail/kernel';
import type { BillingConfiguration } from '@billtrail/billing';
import type { CommandDefinition, CommandFamily, CommandPorts } from '../command-path/command-definition.js';
import type { CommandAnswer } from '../command-path/command-envelope.js';
import { wouldCome } from '../command-path/would-come.js';
import { approvalFamily } from '../commands/approvals.commands.js';
import { accountDefinitions } from '../commands/account.definitions.js';
import { EXAMPLES } from '../commands/examples.js';
import { gapFamily } from '../commands/gap.definitions.js';
import { ticketFamily } from '../commands/ticket.commands.js';
import { workFamily } from '../commands/work.commands.js';
import { configurationOf, todayOf } from '../configuration.js';
import { delegatorsOf } from '../deciding/in-place-of.js';

/** What somebody may do with a thing now, or why not yet. */
export interface ActionNow {
  /** The command: `ApproveTimeEntry`. */
  readonly name: string;
  readonly method: 'POST';
  readonly href: string;
  /** The body that it was decided with: a usual one for this thing. Another may be decided otherwise. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Sent like this, it is taken, and changes something. Where it forgoes money, that is a request, which may have to wait for another person. */
  readonly allowed: boolean;
  /** It is so already. Sent all the same, it is answered, and records nothing. */
  readonly changesNothing?: true;
  /** Why it is not allowed; null: it is. */
  readonly because: { readonly code: string; readonly sentence: string; readonly remedy: string } | null;
}

/** A thing that is acted on. */
export interface Thing {
  /** Parameters of paths that name it: an act has one of them. */
  readonly own: Readonly<Record<string, string>>;
  /** Those that say where it is. */
  readonly within?: Readonly<Record<string, string>>;
  /** Acts whose route looks something up, with what it finds. */
  readonly lookedUp?: readonly { readonly name: string; readonly href: string; readonly fields: object }[];
  /** What bodies say of it, by field. */
  readonly says?: Readonly<Record<string, unknown>>;
  /** Whole bodies, by the command, in place of the usual ones. */
  readonly bodies?: Readonly<Record<string, object>>;
}

export interface Asker {
  readonly actor: Actor;
  readonly clientId: string | undefined;
  /** Why the key of whoever asks can't send to a path; null: it can. */
  readonly refusedByKey: (path: string) => Refusal | null;
}

interface Act {
  readonly definition: CommandDefinition;
  readonly href: string;
  readonly fields: object;
}

const FAMILIES: readonly CommandFamily[] = [ticketFamily, workFamily, gapFamily, approvalFamily];
/** Whether it is taken rests on another thing, which its body names. */
const OF_TWO_THINGS: ReadonlySet<string> = new Set(['MergeTicket']);
/** Where the configuration lists the reasons that may be given. */
const REASONS_FOR: Readonly<Record<string, keyof NonNullable<BillingConfiguration['reasonCodes']>>> = {
  DeclareNoCharge: 'noCharge',
  WriteOffWork: 'writeOff',
  AcceptBillingGap: 'acceptedGap',
  RejectTimeEntry: 'rejection',
  RejectMaterialUsage: 'rejection',
  RejectExpense: 'rejection',
};

/**
 * Each act that there is on a thing, decided for whoever asks as it would be if they sent it, and not recorded.
 * @keepsRefusals
 */
export async function actionsOn(ports: CommandPorts, thing: Thing, asker: Asker): Promise<readonly ActionNow[]> {
  const configuration = await configurationOf(ports.store);
  const usual = {
    workDate: todayOf(configuration, ports.clock()),
    engineerId: asker.actor.id,
    ownerId: asker.actor.id,
  };
  const delegators = (await delegatorsOf(ports, asker.actor.id, ports.clock())).map(({ id }) => id);
  const actions: ActionNow[] = [];
  for (const { definition, href, fields } of actsOn(thing)) {
    const { name } = definition.command;
    const listed = REASONS_FOR[name];
    const [reason] = (listed === undefined ? undefined : configuration.reasonCodes?.[listed]) ?? [];
    const says = { ...usual, ...(reason === undefined ? {} : { reasonCode: reason.code }), ...thing.says };
    const body = { ...(thing.bodies?.[name] ?? (saying(EXAMPLES[name] ?? {}, says) as object)) };
    const made = Object.keys(definition.route?.makes ?? {}).map((field) => [field, NOT_THERE] as const);
    const noKey = asker.refusedByKey(href);
    const come = (given: object) =>
      wouldCome(ports, definition, { ...Object.fromEntries(made), ...given, ...fields }, asker);
    const own = noKey ?? (await come(body));
    const inPlace = noKey === null && isRefusal(own) && definition.byDelegates ? delegators : [];
    const other = await firstTaken(inPlace, (inPlaceOf) => ({ ...body, inPlaceOf }), come);
    actions.push({ name, method: 'POST', href, body: other?.body ?? body, ...whether(other?.answer ?? own) });
  }
  return actions;
}

/** In whose place it would be taken, where whoever asks may not do it by their own right. */
async function firstTaken(
  delegators: readonly string[],
  bodyFor: (inPlaceOf: string) => Readonly<Record<string, unknown>>,
  come: (body: object) => Promise<CommandAnswer>,
) {
  for (const inPlaceOf of delegators) {
    const body = bodyFor(inPlaceOf);
    const answer = await come(body);
    if (!isRefusal(answer)) return { body, answer };
  }
  return null;
}

function whether(answer: CommandAnswer): Pick<ActionNow, 'allowed' | 'changesNothing' | 'because'> {
  if (isRefusal(answer)) {
    const { code, message: sentence, remedy } = answer;
    return { allowed: false, because: { code, sentence, remedy } };
  }
  return answer.repeated
    ? { allowed: false, changesNothing: true, because: NOTHING_TO_DO }
    : { allowed: true, because: null };
}
const NOTHING_TO_DO = {
  code: 'NothingToDo',
  sentence: 'There is nothing to do: it is so already.',
  remedy: 'Look at how it is now, and leave it; or send another body.',
} as const;
/** The id of what would be made. */
const NOT_THERE = 'not-there-yet';

function actsOn({ own, within = {}, lookedUp = [] }: Thing): readonly Act[] {
  const ids: Readonly<Record<string, string>> = { ...within, ...own };
  const ofFamilies = FAMILIES.flatMap(({ path, commands }) =>
    commands.flatMap((definition): Act[] => {
      if (definition.route === undefined || OF_TWO_THINGS.has(definition.command.name)) return [];
      const route = `/v1/${path}/${definition.route.path}`;
      const parameters = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
      if (!parameters.every((name) => name in ids) || !parameters.some((name) => name in own)) return [];
      const href = route.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
      return [{ definition, href, fields: Object.fromEntries(parameters.map((name) => [name, ids[name]])) }];
    }),
  );
  const others = accountDefinitions.flatMap((definition) =>
    lookedUp
      .filter(({ name }) => name === definition.command.name)
      .map(({ href, fields }): Act => ({ definition, href, fields })),
  );
  return [...ofFamilies, ...others];
}

/** An example with what is said of the thing in place of what it says, at any depth; undefined: it is left out. */
function saying(value: unknown, says: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((one) => saying(one, says));
  if (typeof value !== 'object' || value === null) return value;
  const said = Object.entries(value).map(
    ([name, one]) => [name, name in says ? says[name] : saying(one, says)] as const,
  );
  return Object.fromEntries(said.filter(([, one]) => one !== undefined));
}
