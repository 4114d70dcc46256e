// Jest's own `bail` works between files only. A mutant is dead at its first failing test: the rest is skipped.
import { TestEnvironment } from 'jest-environment-node';

export default class StopAtFirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent(event) {
    // A property that counts what its own seed reached asks for all of its runs; mutants die by examples and by the short laws.
    const counting = event.name === 'test_start' && event.test.name.startsWith('property: ');
    if (event.name === 'test_start' && (this.#failed || counting)) event.test.mode = 'skip';
    if (event.name === 'test_done' && event.test.errors.length > 0) this.#failed = true;
  }
}
