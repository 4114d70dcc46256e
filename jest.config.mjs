import { existsSync, readFileSync, statfsSync } from 'node:fs';

/** A folder in memory, and the room that the tests have at most at once, with as much again. */
const IN_MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 31;

/** Programs are compiled and started in folders of tests too. */
function isRoomInMemory() {
  if (!existsSync(IN_MEMORY) || !existsSync('/proc/mounts')) return false;
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === IN_MEMORY);
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return mount?.split(' ')[3]?.split(',').includes('noexec') === false && bavail * bsize > ROOM_BYTES;
}

// A test opens, syncs and closes some hundred files. What a disk does to a log is proved with a disk that fails (test/crash), and by no test that waits for this one.
if (process.env.TMPDIR === undefined && isRoomInMemory()) process.env.TMPDIR = IN_MEMORY;

// Pure suites cost 0.08 s of CPU each, suites that import Nest 0.7 s: keep rules in the pure libs.
export default {
  rootDir: '.',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testEnvironment: 'node',
  maxWorkers: 2,
  // Not in the folder of temporary files, which is emptied, and may be in memory.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testSequencer: '<rootDir>/scripts/long-first.mjs',
  // Half an hour: only what hangs meets it. What a test may take is counted (events, steps, tries) and never timed: machines are shared, and
  // the slowest test takes a minute on a quiet one.
  testTimeout: 1_800_000,
  // Nest under vm-modules leaks; without this limit a worker grows past 1 GB.
  workerIdleMemoryLimit: '256MB',
  coverageProvider: 'v8',
  testRegex: '\\.spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'mjs', 'ts', 'json'],
  moduleNameMapper: {
    '^@billtrail/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@billtrail/([^/]+)/(testing|contract-suite)$': '<rootDir>/libs/$1/src/$2/index.ts',
    // Properties have one seed: without it they fail once in a while, and never where somebody looks.
    '^fast-check$': '<rootDir>/test/fast-check.mjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
