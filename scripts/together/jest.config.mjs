// Jest as the whole of `npm test` runs it: the specs of a group share a test file, each other has its own.
import { fileURLToPath } from 'node:url';
import base from '../../jest.config.mjs';
import { FOLDER, SPECS_TOGETHER } from './groups.mjs';

const literally = (path) => path.replaceAll('.', '\\.');

export default {
  ...base,
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  roots: [...base.roots, `<rootDir>/${FOLDER}`],
  testRegex: [base.testRegex, `/${literally(FOLDER)}/[^/]+\\.spec\\.mjs$`],
  testPathIgnorePatterns: [
    ...base.testPathIgnorePatterns,
    ...SPECS_TOGETHER.map((path) => `<rootDir>/${literally(path)}$`),
  ],
  testEnvironment: fileURLToPath(new URL('no-hooks-at-root.mjs', import.meta.url)),
};
