import { TestEnvironment } from 'jest-environment-node';

/** Refuses a hook outside of every `describe` in the test file of a group, where it would run for all of its specs. Jest adds hooks of its own before the file begins. */
export default class NoHooksAtRoot extends TestEnvironment {
  handleTestEvent(event, { currentDescribeBlock, rootDescribeBlock }) {
    if (this.global.holdsSeveralSpecs && event.name === 'add_hook' && currentDescribeBlock === rootDescribeBlock)
      throw new Error('A hook outside of every `describe` would run for the other specs of its group');
  }
}
