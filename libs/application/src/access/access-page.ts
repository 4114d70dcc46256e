import type { AccessAsked, AccessRecord } from '@billtrail/vault';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type PageRequest } from '@billtrail/read-models';

const LIST = 'access-record';

/** A page of the record of who asked, the newest first. @throws InvalidPageRequest */
export function accessPage(
  record: Pick<AccessRecord, 'list'>,
  asked: Pick<AccessAsked, 'kind' | 'personId' | 'keyId' | 'since'>,
  request: PageRequest,
) {
  const limit = pageLimit(request);
  const [before] = decodeCursor(LIST, ['number'], request.cursor) ?? [];
  const rows = record.list({
    ...asked,
    before: before === undefined ? undefined : Number(before),
    limit: limit + 1,
  });
  return pageOf(
    rows,
    limit,
    (row) => row,
    ({ entry }) => encodeCursor(LIST, [entry]),
  );
}
