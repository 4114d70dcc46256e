// Mutation testing of the rating and money files, see docs/mutation.md. Run by `npm run mutation -- GROUP`.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUPS, answersOf, reportOf } from './scripts/mutation/groups.mjs';

const name = process.env.MUTATION_GROUP ?? 'kernel';
const oneIn = process.env.MUTATION_ONE_IN ?? '1';
const group = GROUPS[name];
if (group === undefined) throw new Error(`No group ${name}: there are ${Object.keys(GROUPS).join(', ')}.`);
// The runner's process reads it, see scripts/mutation/every.spec.mjs.
process.env.MUTATION_SPECS = group.specs.join(' ');

export default {
  mutate: group.mutate,
  testRunner: 'jest',
  jest: { configFile: 'scripts/mutation/jest.config.mjs', enableFindRelatedTests: false },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  plugins: ['@stryker-mutator/jest-runner', './scripts/mutation/ignore-texts.mjs', './scripts/mutation/one-in.mjs'],
  ignorers: ['texts-for-people', 'one-in'],
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
  // Modules of vm contexts are never given back.
  maxTestRunnerReuse: 150,
  incremental: true,
  incrementalFile: answersOf(name, oneIn),
  ignorePatterns: ['/*', '!/libs', '!/scripts', '!/samples', '!/jest.config.mjs', '!/package.json', '!/tsconfig.json'],
  tempDirName: join(tmpdir(), 'billtrail-mutation', name),
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: reportOf(name, oneIn) },
  clearTextReporter: {
    allowColor: false,
    logTests: false,
    reportTests: false,
    reportScoreTable: true,
    reportMutants: true,
  },
  allowConsoleColors: false,
  thresholds: { high: 95, low: 90, break: 90 },
};
