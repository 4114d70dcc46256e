import type { Refusal } from '@billtrail/kernel';
import { refuse } from '@billtrail/kernel';

/** What to do instead, of commands that work on the files of one data folder. */
const INSTEAD: Readonly<Record<string, string>> = {
  serve: 'Run it on the machine that is to be a node, without --url.',
  demo: 'Run it without --url: it makes a data folder of its own.',
  import: 'Run it on the machine of a node, without --url and with the settings and the data folder of that node.',
  verify: 'Run it on the machine of each node, without --url and with the settings and the data folder of that node.',
  rebuild: 'End the node, remove read-models.db from its data folder, and start it: it fills them and is ready then.',
  'vault accept':
    'End all nodes, run it on the machine of one, without --url and with its settings and data folder, remove read-models.db of the others, and start them.',
  'vault merge':
    'End all nodes, run it on the machine of one, without --url and with its settings and data folder, remove read-models.db of the others, and start them.',
};

/** Why a command is not run by a node for somebody elsewhere: it works on a data folder. null: it does not. */
export function needsFolder(words: string): Refusal | null {
  const instead = INSTEAD[words] ?? INSTEAD[words.split(' ')[0] ?? ''];
  return instead === undefined
    ? null
    : refuse('NeedsFolder', `billtrail ${words} works on a data folder, which --url names none of.`, instead, {
        command: words,
      });
}
