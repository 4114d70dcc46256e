import { describeHistories } from './kit/histories.js';

describeHistories(20_260_301, ['form a change of a draw']);
