/** A summary stands beside its route in the list of /docs: an order, short, without a full stop. */
export const MAX_SUMMARY = 60;

/** The verbs a summary may begin with. A new one is added here on purpose, so that one word keeps meaning one thing. */
const VERBS: ReadonlySet<string> = new Set([
  'Accept',
  'Activate',
  'Add',
  'Approve',
  'Assign',
  'Cancel',
  'Change',
  'Check',
  'Classify',
  'Close',
  'Compare',
  'Correct',
  'Declare',
  'Describe',
  'Discard',
  'Draft',
  'End',
  'Explain',
  'Forecast',
  'Get',
  'Give',
  'Issue',
  'List',
  'Log',
  'Make',
  'Merge',
  'Name',
  'Override',
  'Prepare',
  'Publish',
  'Put',
  'Reconcile',
  'Record',
  'Refuse',
  'Register',
  'Reject',
  'Renew',
  'Reopen',
  'Request',
  'Resolve',
  'Resume',
  'Return',
  'Revoke',
  'Run',
  'Send',
  'Show',
  'Split',
  'Start',
  'Stop',
  'Suspend',
  'Terminate',
  'Triage',
  'Update',
  'Void',
  'Withdraw',
  'Write',
]);

/** What is wrong with the summary of a route; empty for a good one. */
export function summaryProblems(summary: string | undefined): readonly string[] {
  if (summary === undefined || summary === '') return ['is missing'];
  const [verb = ''] = summary.split(' ');
  return [
    ...(VERBS.has(verb) ? [] : [`begins with "${verb}", which is not in the list of verbs`]),
    ...(summary.includes(' ') ? [] : ['does not say what the verb acts on']),
    ...(summary.length > MAX_SUMMARY ? [`has ${summary.length} characters`] : []),
    ...(summary.endsWith('.') ? ['ends with a full stop'] : []),
  ];
}
