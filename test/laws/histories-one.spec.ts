import { describeHistories } from './kit/histories.js';

// Renewals come in those of histories-two.
describeHistories(20_260_303, ['fact renewal']);
