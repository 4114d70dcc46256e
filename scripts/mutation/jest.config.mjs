// Jest as the mutation test runs it: all specs of one group in one test file, stopped at the first failure.
import { fileURLToPath } from 'node:url';
import base from '../../jest.config.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export default {
  ...base,
  rootDir: here('../..'),
  roots: ['<rootDir>/libs', '<rootDir>/scripts/mutation'],
  testRegex: 'scripts/mutation/every\\.spec\\.mjs$',
  testEnvironment: here('stop-at-first-failure.mjs'),
  moduleNameMapper: { ...base.moduleNameMapper, '^fast-check$': here('few-runs.mjs') },
  // Memory is bounded by Stryker, which renews its runner.
  workerIdleMemoryLimit: undefined,
};
