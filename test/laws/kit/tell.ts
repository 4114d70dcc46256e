import { decide } from './approval-steps.js';
import * as billing from './billing-steps.js';
import * as contracts from './contract-steps.js';
import * as sites from './site-steps.js';
import * as credits from './credit-steps.js';
import { History, type Parked, type Tally } from './history.js';
import * as faults from './faults.js';
import { goWrong } from './wrong-commands.js';
import type { Step, StepKind } from './steps.js';
import * as tickets from './ticket-steps.js';
import * as work from './work-steps.js';

const CARRY_OUT: Readonly<Record<StepKind, (history: History, step: Step) => Promise<unknown>>> = {
  request: tickets.requestTicket,
  advance: tickets.advance,
  detour: tickets.detour,
  reclassify: tickets.reclassify,
  reprioritise: tickets.reprioritise,
  scope: tickets.classifyScope,
  note: tickets.addNote,
  merge: tickets.mergeOrSplit,
  'no-charge': tickets.declareNoCharge,
  log: work.logTimes,
  timer: work.useTimer,
  correct: work.correctTime,
  judge: work.judgeWork,
  override: work.overridePrice,
  courtesy: work.giveOrWithdraw,
  void: work.voidTime,
  goods: work.recordGoods,
  'correct-goods': work.correctGoods,
  'void-goods': work.voidGoods,
  draft: billing.draft,
  'two-drafts': billing.twoDrafts,
  discard: billing.discard,
  bill: billing.bill,
  'interrupted-issue': billing.interruptedIssue,
  credit: credits.credit,
  'write-off': billing.writeOff,
  'own-gap': billing.ownGap,
  'accept-gap': billing.acceptGap,
  decide,
  publish: contracts.publishVersion,
  terminate: contracts.terminate,
  activate: contracts.activate,
  renew: contracts.renew,
  rest: contracts.rest,
  purchase: contracts.purchase,
  withdraw: contracts.withdraw,
  'give-back': contracts.giveBack,
  count: contracts.count,
  milestone: contracts.milestone,
  state: contracts.stateContract,
  'change-client': contracts.changeClient,
  site: sites.stateSite,
  configure: billing.configure,
  wait: async (history, { pick }) => history.house.passDays(pick[0] % 9),
  settle: (history) => history.house.settle(),
  'send-again': (history) => history.house.sendAgain(),
  'go-wrong': goWrong,
  rebuild: (history) => history.house.billtrail.models.rebuild(),
  restart: faults.restart,
};

/** Carries one step out. Refusals are part of history: they are counted and change nothing. */
export async function tell(history: History, step: Step): Promise<void> {
  await CARRY_OUT[step.do](history, step);
}

/** Tickets that are at work when a history begins, each with some approved time: else half of it would go by before there is something to bill. */
const AT_WORK = 4;

async function beginning(tally: Tally): Promise<Parked> {
  const history = await History.begin(tally);
  for (let number = 0; number < AT_WORK; number++) {
    const step: Step = { do: 'advance', pick: [number, number, number + 1, number] };
    await tickets.requestTicket(history, { ...step, pick: [number, 0, number + 1, 0] });
    for (let moves = 0; moves < 3; moves++) await tickets.advance(history, step);
    await work.logTime(history, history.tickets[number] ?? null, {
      do: 'log',
      pick: [number, number + 1, number * 6, 1],
    });
    await work.judgeWork(history, { do: 'judge', pick: [number, 1, 1, 0] });
  }
  return history.park();
}

let parked: Promise<Parked> | null = null;

/** All histories begin alike: the beginning is told once in a process, and each goes on from a copy. */
export async function begin(tally: Tally = new Map()): Promise<History> {
  parked ??= beginning(tally);
  return History.goOn(await parked, tally);
}
