import { refuse, type Refusal } from '@billtrail/kernel';

/** How a node's read models are filled anew. */
export const REBUILT_ON_A_NODE =
  'End the node, remove read-models.db from its data folder, and start it: it fills them and is ready then.';
/** What to do instead, of commands that work on the files of one data folder. */
const INSTEAD: Readonly<Record<string, string>> = {
  serve: 'Run it on the machine that is to be a node, without --url.',
  demo: 'Run it without --url: it makes a data folder of its own.',
  import: 'Run it on the machine of a node, without --url and with the settings and the data folder of that node.',
  verify: 'Run it on the machine of each node, without --url and with the settings and the data folder of that node.',
  rebuild: REBUILT_ON_A_NODE,
  'vault accept':
    'End all nodes, run it on the machine of one, without --url and with its settings and data folder, remove read-models.db of the others, and start them.',
  'vault merge':
    'End all nodes, run it on the machine of one, without --url and with its settings and data folder, remove read-models.db of the others, and start them.',
};

/** What asks no store of Billtrail: it works on the files and variables of whoever types it. */
const OF_THE_CALLER: ReadonlySet<string> = new Set(['audit', 'cluster init', 'config example', 'schema']);

/** Whether a command, by its words, is the same whatever store is named. */
export function asksNoStore(words: string): boolean {
  return OF_THE_CALLER.has(words) || OF_THE_CALLER.has(words.split(' ')[0] ?? '');
}

/** Why a command is not run by a node for somebody elsewhere, nor silently where it was typed. Refuses NeedsFolder, NeedsTerminal; null: a node runs it. */
export function onlyHere(words: string): Refusal | null {
  const instead = INSTEAD[words] ?? INSTEAD[words.split(' ')[0] ?? ''];
  const details = { command: words };
  if (instead !== undefined)
    return refuse(
      'NeedsFolder',
      `billtrail ${words} works on a data folder, which --url names none of.`,
      instead,
      details,
    );
  return OF_THE_CALLER.has(words)
    ? refuse(
        'NeedsTerminal',
        `billtrail ${words} is run where you are, and by no server: --url has no meaning for it.`,
        `Run it without --url: billtrail ${words}`,
        details,
      )
    : null;
}
