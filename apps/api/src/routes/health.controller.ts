import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Billtrail } from '@billtrail/application';
import { Public } from '../access/access-policy.js';

/** Events that the read models may be behind the log and still count as ready. */
export const MAX_LAG = 10_000;

@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get('live')
  @ApiOperation({ summary: 'Check that the process answers' })
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Check that the read models keep up with the log' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const head = await this.billtrail.store.head();
    const models = this.billtrail.models.status();
    const position = this.billtrail.models.position();
    const ready = head - position <= MAX_LAG && models.every((model) => model.state !== 'stopped');
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', head, position, lag: head - position, readModels: models };
  }
}
