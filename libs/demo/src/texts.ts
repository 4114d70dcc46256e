import type { Random } from './random.js';

/** What a ticket is about, and the words that people find for it. None names a part or licence (goods.ts). */
export interface Topic {
  readonly category: string;
  readonly summary: string;
  readonly descriptions: readonly string[];
  /** What engineers write on time entries, in the order of the work. */
  readonly work: readonly string[];
  readonly notes: readonly string[];
  readonly resolution: string;
}

type Words = Omit<Topic, 'category'>;
const topics = (category: string, ...words: readonly Words[]): Topic[] => words.map((one) => ({ category, ...one }));

const PLACES = ['floor 1', 'floor 2', 'floor 3', 'the ground floor', 'the upper floor', 'the mezzanine', 'level 4'];
const COUNTS = ['One person is', 'Two people are', 'Three people are', 'The whole team is', 'Half of the office is'];
const PROGRAMS = [
  'the booking program',
  'the accounting program',
  'the design program',
  'the stock program',
  'the rostering program',
];

export const TOPICS: readonly Topic[] = [
  ...topics(
    'email',
    {
      summary: 'Mail does not arrive',
      descriptions: ['{count} waiting for orders since this morning.', 'It worked yesterday.'],
      work: [
        'Traced the messages through the mail gateway',
        'Corrected the rule that held them',
        'Tested with the sender',
      ],
      notes: ['The sender was on the block list.', 'Held messages are released.'],
      resolution: 'Mail flows again; the user confirmed.',
    },
    {
      summary: 'Mailbox is full',
      descriptions: ['{count} unable to send.'],
      work: ['Cleared the mailbox and set an archive rule', 'Checked the archive with the user'],
      notes: ['The archive rule runs overnight.'],
      resolution: 'Mailbox archived below its limit.',
    },
    {
      summary: 'Shared mailbox is missing',
      descriptions: ['Since the change of computers on {place}.', '{count} affected.'],
      work: ['Checked permissions of the shared mailbox', 'Added the mailbox to the mail program'],
      notes: ['Permission had gone with the old group.'],
      resolution: 'Permissions corrected and tested with the user.',
    },
  ),
  ...topics(
    'accounts',
    {
      summary: 'Account is locked',
      descriptions: ['{count} locked out after the change of passwords.'],
      work: ['Unlocked the account and checked its sign-ins', 'Set up the second factor with the user'],
      notes: ['Sign-in log shows only the office address.'],
      resolution: 'Account works; second factor is set up.',
    },
    {
      summary: 'New starter on Monday',
      descriptions: ['Needs the same access as the colleague on {place}.'],
      work: [
        'Created the account with its groups',
        'Prepared the desk and the profile',
        'Walked the new starter through the sign-in',
      ],
      notes: ['The manager approved the access by mail.', 'Start date is unchanged.'],
      resolution: 'Account created and handed over.',
    },
    {
      summary: 'Leaver: please close the account',
      descriptions: ['Last day is Friday. Files go to the manager.'],
      work: ['Closed the account and its sessions', 'Handed the files over to the manager'],
      notes: ['Mail is forwarded for thirty days.'],
      resolution: 'Account closed and files handed over.',
    },
  ),
  ...topics(
    'workstation',
    {
      summary: 'Computer is slow',
      descriptions: ['At a desk on {place}, several times a day.', 'Since the last update.'],
      work: [
        'Looked for what slows the computer down',
        'Cleaned up start programs and ran the updates',
        'Compared speed with the user',
      ],
      notes: ['An old backup program ran all day.', 'Update needs a restart; agreed on lunch time.'],
      resolution: 'Updates are installed and the computer is fast again.',
    },
    {
      summary: 'Screen flickers at the desk',
      descriptions: ['{count} affected on {place}.'],
      work: ['Updated the display driver', 'Set the refresh rate anew and watched it'],
      notes: ['The driver was two years old.'],
      resolution: 'Driver updated; stable for a day.',
    },
    {
      summary: 'Update fails again and again',
      descriptions: ['It asks for a restart every morning.'],
      work: ['Read the log of the failed update', 'Repaired the system files', 'Installed the update by hand'],
      notes: ['The update store was damaged.'],
      resolution: 'Update installed; no more restarts.',
    },
    {
      summary: 'Desktop and settings are gone',
      descriptions: ['The user of {place} sees an empty desktop.'],
      work: ['Saved the files of the user profile', 'Rebuilt the user profile', 'Put the files back with the user'],
      notes: ['The profile was damaged; the files are all there.'],
      resolution: 'Profile rebuilt; the user confirmed.',
    },
  ),
  ...topics(
    'network',
    {
      summary: 'No network on {place}',
      descriptions: ['{count} cut off.', 'Started after the storm on the weekend.'],
      work: [
        'Checked the uplink and the ports',
        'Removed the loop and enabled the port',
        'Watched the line for errors',
      ],
      notes: ['A port was disabled by loop protection.', 'The loop was under a desk.'],
      resolution: 'The uplink is stable again.',
    },
    {
      summary: 'Internet is slow',
      descriptions: ['{count} affected, mostly after lunch.'],
      work: ['Measured the line', 'Went through the measurements with the provider', 'Measured again after the change'],
      notes: ['The provider sees packet loss on the line.'],
      resolution: 'The provider changed the profile; speed is as ordered.',
    },
    {
      summary: 'Remote access does not connect',
      descriptions: ['{count} unable to work from home.'],
      work: ['Read the log of the remote access', 'Renewed its certificate', 'Tested from outside with the user'],
      notes: ['The certificate had expired on Sunday.'],
      resolution: 'Certificate renewed; remote access connects.',
    },
  ),
  ...topics(
    'printing',
    {
      summary: 'Printer is offline',
      descriptions: ['{count} sending jobs to the other printer meanwhile.', 'The display shows no error.'],
      work: ['Reinstalled the queue and its driver', 'Set a fixed address for the printer'],
      notes: ['The queue pointed to an old address.'],
      resolution: 'The queue points to the right address; printing works.',
    },
    {
      summary: 'Scans do not arrive in the folder',
      descriptions: ['From the device on {place}.'],
      work: ['Tested the scan account', 'Set the scan folder and its account anew'],
      notes: ['The scan account had an old password.'],
      resolution: 'Scans arrive again; tested on site.',
    },
  ),
  ...topics(
    'telephony',
    {
      summary: 'Calls drop after a minute',
      descriptions: ['{count} affected.'],
      work: [
        'Captured a call and compared the timers',
        'Changed the session timer with the provider',
        'Made test calls',
      ],
      notes: ['The session timer of the provider differs from ours.'],
      resolution: 'Timers aligned; calls hold.',
    },
    {
      summary: 'Change the greeting of the main number',
      descriptions: ['Please before the end of the week.'],
      work: ['Recorded and set the new greeting', 'Set the hours of the greeting'],
      notes: ['Greeting approved by the office manager.'],
      resolution: 'The new greeting is live.',
    },
  ),
  ...topics(
    'backup',
    {
      summary: 'Nightly backup failed',
      descriptions: ['Third night in a row.'],
      work: ['Read the backup log', 'Cleaned the backup chain and ran a full copy', 'Checked the next nights'],
      notes: ['The chain was broken by a restart during the copy.'],
      resolution: 'The backup has run clean for two nights.',
    },
    {
      summary: 'Restore a deleted folder',
      descriptions: ['The project folder of {place}, as it was on Friday.'],
      work: ['Restored the folder to the side', 'Compared it with the user and moved it back'],
      notes: ['Restored to a side folder first.'],
      resolution: 'Folder restored; the user checked it.',
    },
  ),
  ...topics(
    'security',
    {
      summary: 'Suspicious mail was opened',
      descriptions: ['The user entered a password.', '{count} unsure whether to go on working.'],
      work: [
        'Isolated the computer and searched it',
        'Reset the sessions and passwords of the account',
        'Reviewed the sign-in log of the last days',
      ],
      notes: ['No forwarding rules found in the mailbox.', 'No foreign sign-in since.'],
      resolution: 'Nothing left behind; the account is secured.',
    },
    {
      summary: 'Antivirus reports a finding',
      descriptions: ['On a computer of {place}.'],
      work: ['Looked at the finding and where it came from', 'Removed it and ran a full scan'],
      notes: ['It was in a download folder and never ran.'],
      resolution: 'Finding removed; the full scan is clean.',
    },
  ),
  ...topics(
    'server',
    {
      summary: 'File server is slow',
      descriptions: ['Since about noon. {count} waiting for files.'],
      work: ['Looked for the load on the file server', 'Stopped the runaway index job', 'Gave the job a schedule'],
      notes: ['The index job had no schedule limit.'],
      resolution: 'The server answers normally; the job has a limit.',
    },
    {
      summary: 'Monthly updates of the servers',
      descriptions: ['As agreed for this month.'],
      work: [
        'Installed the updates on the test server',
        'Installed the updates and restarted the servers',
        'Checked the services',
      ],
      notes: ['Restart agreed with the office manager.'],
      resolution: 'Updates installed, services checked.',
    },
  ),
  ...topics(
    'applications',
    {
      summary: 'Error when saving in {program}',
      descriptions: ['{count} unable to finish the month.'],
      work: [
        'Reproduced the error with the user',
        'Went through the error with the vendor',
        'Installed the fix of the vendor',
      ],
      notes: ['The vendor knows the error and sends a fix.'],
      resolution: 'Saving works after the fix.',
    },
    {
      summary: 'Report in {program} is empty',
      descriptions: ['It was filled last month.'],
      work: ['Compared the filters of the report', 'Corrected the report with the user'],
      notes: ['The report was filtered to the old year.'],
      resolution: 'The report shows the right period.',
    },
  ),
  ...topics(
    'cloud',
    {
      summary: 'Shared folder does not sync',
      descriptions: ['{count} working with old copies.'],
      work: ['Resolved the conflicts and restarted the sync', 'Checked the sync on the other computers'],
      notes: ['Two copies were in conflict; kept the newer.'],
      resolution: 'The sync is complete on all computers.',
    },
    {
      summary: 'External guest cannot open a file',
      descriptions: ['The guest is from the auditor.'],
      work: ['Granted the guest access to one folder', 'Tested the access with the guest'],
      notes: ['The access ends in thirty days.'],
      resolution: 'The guest opened the file; the access ends by itself.',
    },
  ),
];

export const PEND_ON_CLIENT = [
  'waits for a time that suits the user',
  'asked the user for an example',
  'waits for the approval of the manager',
];
export const PEND_ON_THIRD_PARTY = ['waits for the provider', 'waits for the vendor', 'waits for the building manager'];
export const CANCEL_REASONS = ['solved itself after a restart', 'requested by mistake', 'no longer needed'];
/** Reason code and reason. */
export const NO_CHARGE_REASONS: readonly (readonly [string, string])[] = [
  ['goodwill', 'the same problem came back within a week'],
  ['own-fault', 'caused by our maintenance window'],
  ['call-answered', 'answered in the first call'],
];
/** Description and cost. */
export const EXPENSES: readonly (readonly [string, string])[] = [
  ['Parking at the site', '18.50'],
  ['Parking at the site', '24.00'],
  ['Toll road to the site and back', '13.72'],
  ['Courier to the repair centre', '32.40'],
  ['Train to the site and back', '9.80'],
];

/** The text with its places filled in. */
export function filledIn(text: string, random: Random): string {
  if (!text.includes('{')) return text;
  return text
    .replace('{place}', () => random.pick(PLACES))
    .replace('{count}', () => random.pick(COUNTS))
    .replace('{program}', () => random.pick(PROGRAMS));
}
