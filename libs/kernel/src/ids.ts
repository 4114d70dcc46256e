/** Longest id that is accepted anywhere. */
export const MAX_ID_LENGTH = 100;

/** Ids appear in stream names, URLs and file names: letters, digits and `. _ ~ : -`, starting with a letter or digit. */
export const ID_PATTERN = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._~:-]{0,${MAX_ID_LENGTH - 1}}$`);

export function isId(value: string): boolean {
  return ID_PATTERN.test(value);
}

/** Longest id that is made of others: contract, term, ticket and target of a service credit, with what tells them apart. */
export const MAX_ITEM_ID_LENGTH = 4 * MAX_ID_LENGTH;

/** Ids of billable items and of charges are made of ids and hold `@`, which no id that a person may choose does. */
export const ITEM_ID_PATTERN = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._~:@-]{0,${MAX_ITEM_ID_LENGTH - 1}}$`);
