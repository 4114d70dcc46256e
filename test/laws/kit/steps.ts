import fc from 'fast-check';

/** What may happen next, with how often it does. */
const WEIGHTS = {
  request: 3,
  advance: 24,
  detour: 3,
  reclassify: 3,
  reprioritise: 1,
  scope: 3,
  note: 2,
  merge: 3,
  log: 9,
  timer: 1,
  correct: 5,
  judge: 9,
  override: 2,
  courtesy: 3,
  void: 3,
  goods: 8,
  'correct-goods': 3,
  'void-goods': 2,
  'no-charge': 1,
  draft: 6,
  'two-drafts': 1,
  discard: 1,
  bill: 8,
  'interrupted-issue': 1,
  credit: 4,
  'write-off': 3,
  'own-gap': 1,
  'accept-gap': 2,
  decide: 3,
  publish: 2,
  terminate: 2,
  activate: 1,
  renew: 1,
  rest: 2,
  purchase: 3,
  withdraw: 1,
  'give-back': 2,
  count: 2,
  milestone: 2,
  state: 1,
  'change-client': 1,
  site: 2,
  configure: 1,
  wait: 4,
  settle: 4,
  'send-again': 1,
  'go-wrong': 5,
  rebuild: 1,
  restart: 1,
} as const;
export type StepKind = keyof typeof WEIGHTS;
export const STEP_KINDS = Object.keys(WEIGHTS) as readonly StepKind[];

/** One step of a random history. The numbers choose among what there is when its turn comes: ticket, work item, amounts. */
export interface Step {
  readonly do: StepKind;
  readonly pick: readonly [number, number, number, number];
}

const pick = fc.nat({ max: 999 });

export const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(...STEP_KINDS.map((kind) => ({ weight: WEIGHTS[kind], arbitrary: fc.constant(kind) }))),
  pick: fc.tuple(pick, pick, pick, pick),
});
