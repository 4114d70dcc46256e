import { describeHistories } from './kit/histories.js';

describeHistories(20_260_301);
