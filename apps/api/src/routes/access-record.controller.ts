import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Billtrail, accessPage } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { AccessRecordQuery } from '../http/persons.dto.js';

/** Who was refused, and who read what is personal. It is kept for a time, apart from the log. */
@ApiTags('Persons')
@ApiBearerAuth()
@Controller('access-record')
@For()
export class AccessRecordController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get()
  @ApiOperation({ summary: 'List who was refused and who read, newest first' })
  list(@Query() { limit, cursor, ...asked }: AccessRecordQuery) {
    return accessPage(this.billtrail.accessRecord, asked, { limit, cursor });
  }
}
