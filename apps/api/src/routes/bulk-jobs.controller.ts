import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { bulkJobItems, bulkJobOf, refusedToLook, type BulkJobItem } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { pageOfList } from '@billtrail/read-models';
import { For, OpenToDelegates } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { PageQuery, ReadQuery } from '../http/queries.dto.js';
import { Questions } from '../http/questions.js';

/** What is done in bulk: a list is frozen and looked through, exceptions first, and then carried out; how far it is can be asked meanwhile. */
@ApiTags('Bulk jobs')
@ApiBearerAuth()
@Controller('bulk-jobs')
@For('operations')
@OpenToDelegates()
export class BulkJobsController {
  constructor(private readonly questions: Questions) {}

  @Get(':jobId')
  @ApiOperation({ summary: 'Get a bulk job: its exceptions, and how far it is' })
  get(@FromCaller() { actor }: Caller, @Param('jobId') jobId: string, @Query() { atLeast }: ReadQuery) {
    return this.questions.ask(
      async (ports) => (await refusedToLook(ports, jobId, actor)) ?? bulkJobOf(ports, jobId),
      atLeast,
    );
  }

  @Get(':jobId/items')
  @ApiOperation({ summary: 'List what a bulk job is about, and what became of it' })
  items(
    @FromCaller() { actor }: Caller,
    @Param('jobId') jobId: string,
    @Query() { limit, cursor, atLeast }: PageQuery,
  ) {
    return this.questions.ask(async (ports) => {
      const items = (await refusedToLook(ports, jobId, actor)) ?? (await bulkJobItems(ports, jobId));
      return isRefusal(items) ? items : pageOfList(`bulk-job/${jobId}`, items, placeOf, { limit, cursor });
    }, atLeast);
  }
}

/** Its place on the list, as a text that sorts like the number. */
function placeOf({ index }: BulkJobItem): string {
  return String(index).padStart(6, '0');
}
