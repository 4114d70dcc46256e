/** The files of tests that take longest, longest first: begun last, one of them would run alone at the end. */
export const LONG = [
  'test/laws/histories-one.spec.ts',
  'test/laws/histories-two.spec.ts',
  'test/named-commands/named-commands.spec.ts',
  'test/promises/promises.spec.ts',
  'test/esdb/two-nodes.spec.ts',
  'libs/event-store/src/sqlite/sqlite.spec.ts',
  'libs/read-models/src/runner/rebuild-equals-live.spec.ts',
  'test/fuzz/fuzz.spec.ts',
  'test/processes/two-servers.spec.ts',
  'test/e2e/http/fuzz.spec.ts',
  'test/sums/sums.spec.ts',
];
